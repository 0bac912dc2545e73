using Pdm6.Probe.Native;

namespace Pdm6.Probe.Tests.Native;

/// <summary>What the kernel tells of datagrams, on loopback.</summary>
public class DatagramTests
{
    private static readonly byte[] s_payload = [1, 2, 3, 4, 5];

    [Fact]
    public void Datagram_SentOnLoopback_ArrivesWithEverythingAskedFor()
    {
        using SocketPair pair = new(new DatagramSocketOptions { TrafficClass = 0xb8, HopLimit = 9 });
        ulong before = SystemClock.UnixNs;
        pair.Send(pair.ToSecond, flowLabel: 0, s_payload);

        Assert.Equal(1, pair.Receive(1));
        ReceivedDatagram received = pair.Received[0];

        Assert.Equal(s_payload, received.Payload);
        Assert.False(received.IsTruncated);
        Assert.Equal(new Endpoint(SocketPair.Loopback, pair.First.Port), received.Source with { ScopeId = 0 });
        Assert.Equal(SocketPair.Loopback, received.Destination);
        Assert.Equal((9, 0xb8, 1), (received.HopLimit, received.TrafficClass, received.InterfaceIndex));
        Assert.InRange(received.StampedAtUnixNs, before, SystemClock.UnixNs);
    }

    [Fact]
    public void Batch_SentAtOnce_ArrivesInOrderAndEachIsStamped()
    {
        using SocketPair pair = new();
        byte[][] payloads = [.. Enumerable.Range(1, SocketPair.Batch).Select(n => new byte[] { (byte)n, 0 })];

        Assert.Equal(SocketPair.Batch, pair.Send(pair.ToSecond, flowLabel: 0, payloads));
        Assert.Equal(SocketPair.Batch, pair.Receive(SocketPair.Batch));
        pair.DrainErrors();

        for (int i = 0; i < SocketPair.Batch; i++)
        {
            Assert.Equal(payloads[i], pair.Received[i].Payload);
            Assert.Equal((uint)i, pair.Stamps[i].Number);
            Assert.True(pair.Stamps[i].LeftAtUnixNs <= pair.Received[i].StampedAtUnixNs);
        }
        Assert.Equal(SocketPair.Batch, pair.Stamps.Count);
    }

    [Fact]
    public void TransmitStamps_Restarted_BeginAtZeroAgain()
    {
        using SocketPair pair = new();
        pair.Send(pair.ToSecond, flowLabel: 0, s_payload, s_payload);
        pair.DrainErrors();
        pair.First.RestartTransmitStamps();
        pair.Send(pair.ToSecond, flowLabel: 0, s_payload);
        pair.DrainErrors();

        Assert.Equal([0, 1, 0], pair.Stamps.Select(stamp => (int)stamp.Number));
    }

    [Fact]
    public void Datagram_LargerThanTheBuffer_IsTruncatedAndSaysSo()
    {
        using SocketPair pair = new();
        using SendBatch large = new(1, 2 * SocketPair.PayloadSize);
        large.Add(SocketPair.PayloadSize + 1, pair.ToSecond.ToSocketAddress(0));
        large.Send(pair.First);

        Assert.Equal(1, pair.Receive(1));
        Assert.True(pair.Received[0].IsTruncated);
        Assert.Equal(SocketPair.PayloadSize, pair.Received[0].Payload.Length);
    }

    [Fact]
    public void Datagram_ToAClosedPort_ComesBackAsIcmpErrorAndTheNextIsSentAllTheSame()
    {
        using SocketPair pair = new();
        Endpoint closed = new(SocketPair.Loopback, 1);

        Assert.Equal(1, pair.Send(closed, flowLabel: 0, s_payload));
        Assert.Equal(1, pair.Send(pair.ToSecond, flowLabel: 0, s_payload));
        Assert.Equal(1, pair.Receive(1));
        pair.DrainErrors();

        IcmpError error = Assert.Single(pair.IcmpErrors);
        Assert.Equal(closed, error.Destination with { ScopeId = 0 });
        Assert.Equal(SocketPair.Loopback, error.Reporter);
        Assert.Equal("Destination unreachable: Port unreachable", error.Meaning);
    }

    [Fact]
    public void Batch_WithADatagramThatTheKernelRefuses_SendsTheOthersAndNamesIt()
    {
        using SocketPair pair = new();
        using SendBatch batch = new(3, 70_000);
        List<(int Index, SendRefusal Refusal)> refused = [];
        foreach (int size in new[] { 10, 69_000, 20 })
            batch.Add(size, pair.ToSecond.ToSocketAddress(0));

        Assert.Equal(2, batch.Send(pair.First, (index, refusal) => refused.Add((index, refusal))));
        Assert.Equal(2, pair.Receive(2));
        (int index, SendRefusal refusal) = Assert.Single(refused);
        Assert.Equal((1, true, false), (index, refusal.IsTooLong, refusal.IsBusy));
        Assert.Equal([10, 20], new[] { pair.Received[0].Payload.Length, pair.Received[1].Payload.Length });
    }

    [Fact]
    public void Socket_WithAFullBuffer_CountsWhatItDropped()
    {
        using SocketPair pair = new();
        byte[][] burst = [.. Enumerable.Range(0, SocketPair.Batch).Select(_ => s_payload)];
        int sent = 0;
        while (pair.Second.Drops() == 0 && sent < 1_000_000)
            sent += pair.Send(pair.ToSecond, flowLabel: 0, burst);
        long dropped = pair.Second.Drops(), received = 0;
        while (pair.Received.Receive(pair.Second) is > 0 and var count)
            received += count;

        Assert.True(dropped > 0);
        Assert.Equal(sent, received + dropped);
    }

    [Fact]
    public void Batches_SentAndReceivedAgainAndAgain_AllocateNothing()
    {
        const int rounds = 100, size = 100;
        using SocketPair pair = new(new DatagramSocketOptions());
        using SendBatch batch = new(SocketPair.Batch, SocketPair.PayloadSize);
        SocketAddress destination = pair.ToSecond.ToSocketAddress(0);
        long octets = 0;
        void Run()
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < SocketPair.Batch; i++)
                    batch.Add(size, destination);
                batch.Send(pair.First);
                int received = pair.Received.Receive(pair.Second);
                for (int i = 0; i < received; i++)
                    octets += pair.Received[i].Payload.Length;
            }
        }

        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * rounds * SocketPair.Batch * size, octets);
    }

    [Fact]
    public void Socket_ForAnInterfaceThatIsNotThere_IsRefusedWithASentence()
    {
        ProbeException refused = Assert.Throws<ProbeException>(
            () => DatagramSocket.Open(new DatagramSocketOptions { Interface = "nothing0" }));

        Assert.Contains("no network interface 'nothing0'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_WokenUpBefore_EndsAtOnce()
    {
        using SocketPair pair = new();
        using SocketWait wait = new(pair.First);
        wait.WakeUp();
        long start = SystemClock.MonotonicNs;
        wait.Wait(start + 60_000_000_000);

        Assert.True(SystemClock.MonotonicNs - start < 30_000_000_000);
    }
}
