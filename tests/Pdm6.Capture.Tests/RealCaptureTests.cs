using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pdm6.Capture.Tests.Support;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests;

/// <summary>Packets that the kernel sent and dumpcap captured, read here and by tshark.</summary>
public class RealCaptureTests
{
    private const int IpProtoIpv6 = 41;
    private const int Ipv6DestinationOptions = 59;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [CaptureToolsFact]
    public async Task Reader_CaptureOfLoopback_AgreesWithTshark()
    {
        string folder = Directory.CreateTempSubdirectory("pdm6-capture-").FullName;
        try
        {
            foreach (string formatOption in (string[])["-n", "-P"])
            {
                string file = Path.Combine(folder, "loopback" + formatOption);
                await CaptureAsync(file, formatOption);

                (WireCensus census, string ours) = Describe(file);
                Assert.Equal((2, 2, 0), (census.Sealed, census.Clear, census.Unreadable));
                Assert.Equal(await DescribeByTsharkAsync(file), ours);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Captures sealed, clear, PDMv1 and plain datagrams, told from other traffic by their hop limit.</summary>
    private static async Task CaptureAsync(string file, string formatOption)
    {
        short hopLimit = (short)Random.Shared.Next(70, 250);
        using Socket receiver = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        byte[][] options = [Frames.Sealed, Frames.Clear, Frames.V1, Frames.Sealed, []];

        using Process dumpcap = Start("dumpcap", "-q", "-i", "lo", "-f", $"ip6[7] == {hopLimit}",
            formatOption, "-c", $"{options.Length}", "-w", file);
        // dumpcap says when it is ready; anything sent before would be missed.
        string? line;
        do
            line = await dumpcap.StandardError.ReadLineAsync().WaitAsync(Patience);
        while (line is not null && !line.StartsWith("File:", StringComparison.Ordinal));
        Assert.NotNull(line);
        foreach (byte[] option in options)
        {
            using Socket sender = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { Ttl = hopLimit };
            if (option.Length > 0)
                sender.SetRawSocketOption(IpProtoIpv6, Ipv6DestinationOptions, Frames.DestinationOptions(0, option));
            sender.SendTo(new byte[100], receiver.LocalEndPoint!);
        }
        await dumpcap.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, dumpcap.ExitCode);
    }

    /// <summary>Every frame: time, length, addresses, hop limit, ports, option types.</summary>
    private static (WireCensus Census, string Text) Describe(string file)
    {
        using CaptureReader forCensus = CaptureReader.Open(file);
        WireCensus census = WireCensus.Take(forCensus);
        using CaptureReader reader = CaptureReader.Open(file);
        List<string> lines = [];
        while (reader.TryReadNext(out CapturedFrame frame))
        {
            Assert.True(frame.TryFindIpv6(out ReadOnlySpan<byte> octets));
            Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
            Assert.True(packet.TryGetFlow(out FlowKey flow));
            List<string> options = [];
            foreach (ExtensionHeader header in packet.ExtensionHeaders)
            {
                foreach (ReadOnlySpan<byte> option in header.Options)
                    options.Add($"0x{option[0]:x2}");
            }
            lines.Add(string.Join('\t', $"{frame.TimestampNs / 1_000_000_000}.{frame.TimestampNs % 1_000_000_000:d9}",
                frame.OriginalLength, flow.Source, flow.Destination, packet.HopLimit, flow.SourcePort, flow.DestinationPort,
                string.Join(',', options)));
        }
        Assert.Null(reader.Problem);
        return (census, string.Join('\n', lines));
    }

    private static async Task<string> DescribeByTsharkAsync(string file)
    {
        using Process tshark = Start("tshark", "-r", file, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len",
            "-e", "ipv6.src", "-e", "ipv6.dst", "-e", "ipv6.hlim", "-e", "udp.srcport", "-e", "udp.dstport", "-e", "ipv6.opt.type");
        Task<string> errors = tshark.StandardError.ReadToEndAsync();
        string text = await tshark.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await tshark.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(tshark.ExitCode == 0, await errors);
        // tshark lists the padding too.
        return text.TrimEnd('\n').Replace(",0x01", "", StringComparison.Ordinal).Replace(",0x00", "", StringComparison.Ordinal);
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
}
