using Pdm6.Agent.Configuration;
using Pdm6.Agent.Reporting;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Exchange;

/// <summary>Opens the key exchange that a configuration wants.</summary>
internal static class KeyExchange
{
    /// <summary>Opens it. Nothing is sent yet.</summary>
    /// <param name="configuration">Says which.</param>
    /// <param name="found">The addresses that this host would measure from.</param>
    /// <param name="link">Takes note of the collector's replies.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="addresses">Those of <paramref name="found"/> that it may measure from.</param>
    /// <exception cref="AgentException">It cannot be; the message says what to do.</exception>
    /// <exception cref="Security.KeyFileException">A key file cannot be used.</exception>
    internal static IKeyExchange Open(
        AgentConfiguration configuration, IReadOnlyList<Ipv6Address> found, CollectorLink link, Action<string> log,
        out IReadOnlyList<Ipv6Address> addresses)
    {
        addresses = found;
        if (configuration.Identity is not { } path)
            return new KeyFileExchange(configuration, link);
        IdentityDirectory directory = Load(path);
        try
        {
            addresses = RequireOwn(directory.Certificate, configuration, found, log);
            return new RegisteredExchange(configuration, directory, addresses, log, TimeProvider.System);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static IdentityDirectory Load(string path)
    {
        try
        {
            return IdentityDirectory.Load(path);
        }
        catch (IdentityException error)
        {
            throw new AgentException($"\"identity\": {error.Message}", error);
        }
    }

    /// <summary>The addresses that the certificate covers: all of them, if the configuration lists them.</summary>
    internal static IReadOnlyList<Ipv6Address> RequireOwn(
        ParticipantCertificate certificate, AgentConfiguration configuration, IReadOnlyList<Ipv6Address> found, Action<string> log)
    {
        if (certificate.Role != Role.Endpoint)
            throw new AgentException(
                $"\"identity\": {configuration.Identity} is enrolled as an analyzer; an agent needs one enrolled with --role endpoint");
        if (certificate.Name != configuration.Name)
            throw new AgentException($"\"name\": the identity is enrolled as {certificate.Name}; write \"name\": \"{certificate.Name}\"");
        ILookup<bool, Ipv6Address> covered = found.ToLookup(certificate.Covers);
        string prefixes = string.Join(", ", certificate.Prefixes);
        if (configuration.Addresses is not null && covered[false].Any())
            throw new AgentException(
                $"\"addresses\": {covered[false].First()} is not in what this host is enrolled for ({prefixes}); take it out, or enroll again "
                + "with a token for it");
        if (!covered[true].Any())
            throw new AgentException(
                $"{string.Join(", ", found)} is not in what this host is enrolled for ({prefixes}); enroll again with a token for it");
        foreach (Ipv6Address outside in covered[false])
            log($"{outside} is not measured from: this host is enrolled for {prefixes}.");
        return [.. covered[true]];
    }
}
