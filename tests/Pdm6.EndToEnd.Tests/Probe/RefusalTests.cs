using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>What a running reflector must not answer.</summary>
public class RefusalTests
{
    private const int Port = 8250;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [RootFact]
    public async Task Reflector_OfferedWhatIsNotGenuine_AnswersNothingAndCountsIt()
    {
        await using ProbedPath path = ProbedPath.Create();
        LabProcess reflector = await path.ReflectAsync("--key-file", path.KeyPath);
        using KeyFile key = KeyFile.Load(path.KeyPath), foreign = CreateKey(path.PathOf("foreign.key"));
        using FrameSealer sealer = FrameSealer.FromKeyFile(key), stranger = FrameSealer.FromKeyFile(foreign);
        using Socket client = LaboratorySockets.ConnectUdp(path.Hosts, Port);

        byte[] genuine = Frame(sealer, 1, 200), forged = Frame(sealer, 2, 200);
        forged[40] ^= 1;
        byte[] clear = new byte[UdpFrameHeader.Size];
        new UdpFrameHeader(UdpFrameFlags.Request, 0, 3, NowMicroseconds()).Write(clear);
        byte[] stale = Frame(sealer, 4, 200, ageMicroseconds: 3_600_000_000);
        byte[] bare = Frame(sealer, 5, 0), last = Frame(sealer, 6, 1000);
        foreach (byte[] packet in new[] { genuine, genuine, forged, clear, Frame(stranger, 7, 200), stale, new byte[60_000], [], bare, last })
            await client.SendAsync(packet);

        // Three are genuine: each is answered once, and by no more octets than were asked with.
        int[] answers = [await ReceiveAsync(client), await ReceiveAsync(client), await ReceiveAsync(client)];
        Assert.Equal([genuine.Length, bare.Length, last.Length], answers);
        string counted = await ProbedPath.StopAsync(reflector);
        Assert.Equal(0, client.Available);
        foreach (string part in new[] { "3 answered", "1 copies", "2 not authentic", "1 not encrypted", "1 stale", "1 too large", "1 malformed" })
            Assert.Contains(part, counted, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Prober_AnsweredByAnImpostor_DoesNotTakeIt()
    {
        await using ProbedPath path = ProbedPath.Create();
        using KeyFile foreign = CreateKey(path.PathOf("foreign.key"));
        await path.ReflectAsync("--key-file", path.PathOf("foreign.key"));
        // The impostor answers what it is asked with its own key; the echo answers with the prober's own request.
        using Socket echo = LaboratorySockets.ListenUdp(path.Hosts, Port + 1);
        using CancellationTokenSource stop = new();
        Task echoing = EchoAsync(echo, stop.Token);
        ProgramResult impostor = await path.ProbeAsync(
            LaboratoryAddresses.Server.ToString(), "-c", "3", "-i", "0.01", "-W", "0.3", "--key-file", path.KeyPath);
        ProgramResult echoed = await path.ProbeAsync(
            LaboratoryAddresses.Server.ToString(), "-c", "3", "-i", "0.01", "-W", "0.3", "--key-file", path.KeyPath, "--port", $"{Port + 1}");
        await stop.CancelAsync();
        await echoing;

        Assert.Equal((1, 1), (impostor.ExitCode, echoed.ExitCode));
        Assert.Contains("3 packets transmitted, 0 received, 100% packet loss", impostor.Output, StringComparison.Ordinal);
        Assert.Contains("3 packets transmitted, 0 received, 3 refused, 100% packet loss", echoed.Output, StringComparison.Ordinal);
    }

    private static KeyFile CreateKey(string path)
    {
        KeyFile.Create(path);
        return KeyFile.Load(path);
    }

    private static ulong NowMicroseconds() => (ulong)((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private static byte[] Frame(FrameSealer sealer, uint sequence, int tlvs, ulong ageMicroseconds = 0)
    {
        byte[] text = new byte[tlvs], frame = new byte[UdpFrame.SealedOverhead + tlvs];
        if (tlvs > 0)
            new TlvWriter(text).TryWrite(TlvType.Padding, new byte[tlvs - Tlv.HeaderSize]);
        UdpFrameHeader header = new(UdpFrameFlags.Request, 0, sequence, NowMicroseconds() - ageMicroseconds);
        Assert.True(sealer.TrySeal(header, text, frame, out _));
        return frame;
    }

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        using CancellationTokenSource patience = new(s_patience);
        return await socket.ReceiveAsync(new byte[65_536], patience.Token);
    }

    private static async Task EchoAsync(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.IPv6Any, 0), stop);
                await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }
}
