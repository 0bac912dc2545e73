using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>
/// A real DNS server (dnsmasq) that knows the names of one domain and asks nobody. It reads no configuration of the
/// host.
/// </summary>
public sealed class NameServer : IAsyncDisposable
{
    /// <summary>Every name below this domain has <see cref="Answer"/> as its only address.</summary>
    public const string Domain = "names.pdm6.test";

    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(10);
    private readonly LabProcess _process;

    private NameServer(LabProcess process) => _process = process;

    /// <summary>The address that every name has.</summary>
    public static Ipv6Address Answer { get; } = Ipv6Address.Parse("2001:db8:53::1");

    /// <summary>Starts the server on <paramref name="host"/>, port 53 of <paramref name="address"/>.</summary>
    /// <exception cref="LaboratoryException">dnsmasq is not installed or could not start.</exception>
    public static async Task<NameServer> StartAsync(
        Laboratory laboratory, NetworkNamespace host, Ipv6Address address, CancellationToken cancellation = default)
    {
        LabProcess process = laboratory.Start("dnsmasq", host, CommandLine.Of(
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file=",
            "--log-facility=-", "--user=root", "--bind-interfaces", "--port=53", $"--listen-address={address}",
            $"--address=/{Domain}/{Answer}"));
        await process.WaitForLineAsync("started", s_start, cancellation).ConfigureAwait(false);
        return new NameServer(process);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
