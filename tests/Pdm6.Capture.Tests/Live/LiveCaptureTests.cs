using System.Net;
using System.Net.Sockets;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Live;
using Pdm6.Capture.Tests.Support;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Live;

public class LiveCaptureTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    [CaptureToolsFact]
    public async Task Run_MeasurementsAmongOtherTraffic_WritesThemBehindTheAnnouncements()
    {
        using CancellationTokenSource stop = new(s_deadline);
        GrowingStream file = new();
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        byte[] frame = new byte[UdpFrame.HeaderSize];
        ushort port = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
        WireSettings wire = new() { FramePort = port };
        LiveCapture capture = new(new LiveCaptureOptions { Interfaces = ["lo"], Wire = wire });
        using PcapngWriter writer = new(file);
        Task<LiveCaptureTally> running = Task.Run(() => capture.Run(writer, ["{}"u8.ToArray()], stop.Token));
        byte[] written;
        uint sequence = 0;
        do
        {
            stop.Token.ThrowIfCancellationRequested();
            new UdpFrameHeader(UdpFrameFlags.None, 0, sequence++, 1).Write(frame);
            await socket.SendToAsync(frame, new IPEndPoint(IPAddress.IPv6Loopback, port));
            await socket.SendToAsync(new byte[] { 1, 2, 3 }, new IPEndPoint(IPAddress.IPv6Loopback, port));
            await Task.Yield();
            written = file.ToArray();
        }
        while (Numbers(written, port).Count < 3);
        await stop.CancelAsync();
        LiveCaptureTally tally = await running;
        Assert.True(tally.Others > 0);
        written = file.ToArray();
        List<uint> numbers = Numbers(written, port);
        Assert.True(written.AsSpan().IndexOf("pdm6"u8) > 0);
        using CaptureKeys none = new();
        // Other tests measure on the loopback interface too: theirs are captured rightly, and are not counted here.
        AnalysisReport report = Trace.Analyze(written, none, new AnalysisOptions { Wire = wire });
        Assert.Equal(tally.Written, report.Totals.Frames);
        FlowReport flow = Assert.Single(report.Flows, flow => flow.Flow.SourcePort == port);
        Assert.Equal(numbers.Count, flow.Tally.Clear);
        // A busy machine's capture misses some of so many.
        Assert.Equal(numbers.Max() - numbers.Min() + 1 - numbers.Count, flow.Counts.LostWithinSeries);
    }

    [CaptureToolsFact]
    public void Run_InterfaceThatIsNotThere_SaysSo()
    {
        LiveCapture capture = new(new LiveCaptureOptions { Interfaces = ["no-such-interface"] });
        using PcapngWriter writer = new(Stream.Null);
        LiveCaptureException refused = Assert.Throws<LiveCaptureException>(() => capture.Run(writer, [], CancellationToken.None));
        Assert.Contains("no-such-interface", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The numbers of the frames from a port.</summary>
    private static List<uint> Numbers(byte[] capture, ushort port)
    {
        using CaptureReader reader = new(new MemoryStream(capture));
        List<uint> numbers = [];
        while (reader.TryReadNext(out CapturedFrame frame))
            if (frame.TryFindIpv6(out ReadOnlySpan<byte> octets) && Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet)
                && packet.TryGetFlow(out FlowKey flow) && flow.SourcePort == port
                && UdpFrameView.TryRead(octets[(Ipv6PacketView.FixedHeaderSize + 8)..], out UdpFrameView view)
                    == UdpFrameReadStatus.Ok)
                numbers.Add(view.Header.Sequence);
        return numbers;
    }

    /// <summary>Written by one thread and read by another.</summary>
    private sealed class GrowingStream : MemoryStream
    {
        private readonly Lock _lock = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
                base.Write(buffer);
        }

        public override byte[] ToArray()
        {
            lock (_lock)
                return base.ToArray();
        }
    }
}
