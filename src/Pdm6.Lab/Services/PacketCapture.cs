using System.Globalization;
using System.Text.RegularExpressions;

namespace Pdm6.Lab;

/// <summary>A capture of the packets of some interfaces into a pcapng file, made by dumpcap.</summary>
public sealed partial class PacketCapture : IAsyncDisposable
{
    private const int SnapLength = 256; // every header that matters, and little of the payload
    private const int BufferMebibytes = 64;
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(20);

    private readonly LabProcess _process;

    private PacketCapture(LabProcess process, string path)
    {
        _process = process;
        Path = path;
    }

    /// <summary>The capture file.</summary>
    public string Path { get; }

    /// <summary>
    /// Starts capturing on interfaces of one host; returns when packets are being recorded. With
    /// <paramref name="inboundOnly"/> a router's packets are recorded once each, as they came from their sender.
    /// </summary>
    /// <exception cref="LaboratoryException">dumpcap is not installed or could not start.</exception>
    public static async Task<PacketCapture> StartAsync(
        Laboratory laboratory, IReadOnlyList<LinkEnd> interfaces, bool inboundOnly, string path,
        CancellationToken cancellation = default)
    {
        NetworkNamespace host = interfaces[0].Namespace;
        List<string> arguments = ["-q", "-n", "-p", "-w", path];
        foreach (LinkEnd end in interfaces)
        {
            arguments.AddRange(["-i", end.Interface]);
            arguments.AddRange(["-s", SnapLength.ToString(CultureInfo.InvariantCulture)]);
            arguments.AddRange(["-B", BufferMebibytes.ToString(CultureInfo.InvariantCulture)]);
            // Not the filter "inbound": libpcap 1.10 filters the first blocks of its ring itself, cannot see the
            // direction there, and so loses the first packets.
            if (inboundOnly)
                arguments.AddRange(["-f", $"not ether src {end.HardwareAddress}"]);
        }
        LabProcess process = laboratory.Start("dumpcap", host, CommandLine.Of("dumpcap", [.. arguments]));
        await process.WaitForLineAsync("File: ", s_start, cancellation).ConfigureAwait(false);
        return new PacketCapture(process, path);
    }

    /// <summary>
    /// Stops capturing once all that came in has reached the file; returns how many packets the kernel dropped because
    /// dumpcap did not keep up. Anything but 0 spoils a count.
    /// </summary>
    /// <exception cref="LaboratoryException">dumpcap failed.</exception>
    public async Task<long> StopAsync(CancellationToken cancellation = default)
    {
        await SettleAsync(cancellation).ConfigureAwait(false);
        int code = await _process.StopAsync(s_stop).ConfigureAwait(false);
        if (code != 0)
            throw _process.Failure($"ended with {code}");
        long dropped = 0;
        foreach (string line in _process.LastLines)
        {
            if (ReceivedAndDropped().Match(line) is { Success: true } match)
                dropped += long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
        return dropped;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Waits until the file has not grown for a while: what is still in the ring, up to 250 ms of packets, would be lost
    /// on stopping.</summary>
    private async Task SettleAsync(CancellationToken cancellation)
    {
        DateTime giveUp = DateTime.UtcNow + s_settle;
        long length = -1;
        while (new FileInfo(Path).Length is long now && now != length && DateTime.UtcNow < giveUp)
        {
            length = now;
            await Task.Delay(s_quiet, cancellation).ConfigureAwait(false);
        }
    }

    // "Packets received/dropped on interface 'x': 6/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (100.0%)"
    [GeneratedRegex(@"^Packets received/dropped on interface .*: \d+/(\d+) ")]
    private static partial Regex ReceivedAndDropped();
}
