using System.Net.Sockets;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Frames;

/// <summary>An application on client and server whose payload nobody needs: a datagram there, and one back. It tells
/// what arrived: the payload, or a udp-frame in its place.</summary>
internal sealed class FrameTalk : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Socket _server, _client;
    private readonly byte[] _received = new byte[2000];

    internal FrameTalk(Laboratory hosts, int port) =>
        (_server, _client) = (LaboratorySockets.ListenUdp(hosts, port), LaboratorySockets.ConnectUdp(hosts, port));

    /// <summary>A datagram to the server. True: a frame arrived; false: what was sent.</summary>
    internal async Task<bool> AskAsync(int octets)
    {
        using CancellationTokenSource patience = new(s_patience);
        byte[] sent = Payload(octets);
        await _client.SendAsync(sent, patience.Token);
        return IsFrame(sent, await _server.ReceiveAsync(_received, patience.Token));
    }

    /// <summary>The same, and one back.</summary>
    internal async Task<(bool There, bool Back)> ExchangeAsync(int octets, int octetsBack)
    {
        using CancellationTokenSource patience = new(s_patience);
        bool there = await AskAsync(octets);
        byte[] sent = Payload(octetsBack);
        await _server.SendToAsync(sent, SocketFlags.None, _client.LocalEndPoint!, patience.Token);
        return (there, IsFrame(sent, await _client.ReceiveAsync(_received, patience.Token)));
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    // No payload looks like a frame by chance: its version is 2.
    private static byte[] Payload(int octets)
    {
        byte[] payload = new byte[octets];
        payload.AsSpan().Fill(0xaa);
        return payload;
    }

    private bool IsFrame(byte[] sent, int size)
    {
        ReadOnlySpan<byte> arrived = _received.AsSpan(0, size);
        if (arrived.SequenceEqual(sent))
            return false;
        Assert.Equal(UdpFrame.PdmFrameSize, size);
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(arrived, out UdpFrameView view));
        Assert.True(view.IsEncrypted);
        return true;
    }
}
