using System.Net;
using Pdm6.Registration;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;

namespace Pdm6.Collector.Secrets;

/// <summary>The registrar inside a collector, and how the collector enrols with it: as anybody does, with a token that is
/// made for it and used at once.</summary>
internal static class OwnRegistrar
{
    private const string Name = "collector";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>Starts it, and enrols the collector if that was not done before.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The registrar, and the directory of the collector's identity.</returns>
    /// <exception cref="CollectorConfigurationException">It cannot be; the message says what to do.</exception>
    public static async Task<(RegistrarHost Registrar, string Identity)> StartAsync(
        EmbeddedRegistrar settings, Action<string> log, TimeProvider time, CancellationToken cancellationToken)
    {
        string identity = Path.Combine(settings.Data, Name);
        try
        {
            RegistrarHost registrar = await RegistrarHost.StartAsync(
                new RegistrarOptions { Data = settings.Data, Listen = settings.Listen, Names = settings.Hosts, Time = time },
                cancellationToken).ConfigureAwait(false);
            try
            {
                if (!IdentityDirectory.IsEnrolled(identity))
                    await EnrollAsync(registrar, identity, log, time, cancellationToken).ConfigureAwait(false);
                return (registrar, identity);
            }
            catch
            {
                await registrar.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception error) when (error is RegistrarException or EnrollmentException or IdentityException or IOException)
        {
            throw new CollectorConfigurationException($"registrar: {error.Message}", error);
        }
    }

    private static async Task EnrollAsync(
        RegistrarHost registrar, string directory, Action<string> log, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_patience);
        EnrollmentToken token = await registrar.Operator
            .CreateTokenAsync(new TokenRequest { Role = Role.Analyzer, Lifetime = _patience }).ConfigureAwait(false);
        Enrollment enrollment = new(
            new EnrollmentOptions
            {
                Registrar = new Uri($"https://{new IPEndPoint(IPAddress.IPv6Loopback, registrar.Address.Port)}"),
                Authority = registrar.Authority.Fingerprint,
                Token = token.ToText(),
                Directory = directory,
                Name = Name,
                Role = Role.Analyzer,
            },
            time, log);
        using IdentityDirectory enrolled = await enrollment.RunAsync(deadline.Token).ConfigureAwait(false);
    }
}
