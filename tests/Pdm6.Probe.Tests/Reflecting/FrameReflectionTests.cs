using System.Text.Json;
using Pdm6.Probe.Frames;
using Pdm6.Probe.Reflecting;
using Pdm6.Probe.Sessions;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Reflecting;

public class FrameReflectionTests
{
    [Fact]
    public void Request_Genuine_IsAnsweredWithTimesHopsAndCounts()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();

        Assert.True(prober.TryReadReply(path.Reflect(path.Request(prober, 0)), out ReplyFacts reply));

        Assert.Equal((0u, 1u, 4), (reply.Index, reply.ReplyNumber, reply.HopsThere));
        Assert.Equal(
            (path.NowNs - 20_000, path.NowNs + 5_000, 70_000L),
            (reply.RequestReceivedAtUnixNs, reply.ReplySentAtUnixNs, reply.ClockErrorNs));
        Assert.Equal(new ReflectorCounts(1, 0, 0, 0), reply.Counts);
        Assert.Equal(1, path.Counters[ReflectorOutcome.Answered]);
    }

    [Fact]
    public void Requests_LostDoubledAndOvertaken_AreCountedForTheProber()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        byte[][] requests = [.. Enumerable.Range(0, 8).Select(i => path.Request(prober, (uint)i))];
        byte[] last = [];
        // 3 is lost, 2 comes after 4, 5 comes three times
        foreach (int index in new[] { 0, 1, 4, 2, 5, 5, 6, 5, 7 })
            last = path.Reflect(requests[index]) is { Length: > 0 } reply ? [.. reply] : last;

        Assert.True(prober.TryReadReply(last, out ReplyFacts facts));
        Assert.Equal(new ReflectorCounts(7, 0, 2, 1), facts.Counts);
        Assert.Equal((7u, 7u), (facts.Index, facts.ReplyNumber));
        Assert.Equal(125_000u, LossOf(path, last));
    }

    [Fact]
    public void ClosingRequest_IsAnsweredAndNotCounted()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        byte[] first = path.Request(prober, 0), closing = path.Request(prober, 1, closing: true);
        path.Reflect(first);
        path.Reflect(first);
        byte[] reply = [.. path.Reflect(closing)];
        path.Reflect(closing);

        Assert.True(prober.TryReadReply(reply, out ReplyFacts facts));
        Assert.Equal(new ReflectorCounts(1, 0, 1, 0), facts.Counts);
        Assert.Equal(2, path.Counters[ReflectorOutcome.Replayed]);
    }

    [Fact]
    public void Request_Replayed_IsNotAnsweredAgainHoweverLate()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        byte[] request = path.Request(prober, 0);
        Assert.NotEmpty(path.Reflect(request));
        Assert.Empty(path.Reflect(request));
        // The prober is forgotten after so long, and its frames are stale.
        path.NowNs += 2 * (ulong)ReflectorLimits.Usual.ClockTolerance.TotalNanoseconds + 1;
        Assert.Empty(path.Reflect(request));
        path.NowNs += 86_400_000_000_000;
        Assert.Empty(path.Reflect(request));

        Assert.Equal((1L, 2L), (path.Counters[ReflectorOutcome.Replayed], path.Counters[ReflectorOutcome.Stale]));
    }

    [Fact]
    public void Request_ReplayedToAReflectorThatWasStartedAfterwards_IsNotAnswered()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        byte[] request = path.Request(prober, 0);
        path.NowNs += 1_000_000;
        using FrameReflection restarted = path.CreateReflection(ReflectorLimits.Usual, path.NowNs);

        Assert.Empty(path.Reflect(request, reflection: restarted));
        Assert.NotEmpty(path.Reflect(path.Request(prober, 1), reflection: restarted));
        Assert.Equal(1, path.Counters[ReflectorOutcome.Stale]);
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(-299, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void Request_OfAProberWithAnotherTime_IsAnsweredWithinTheTolerance(int secondsAhead, bool answered)
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        path.NowNs += 1_000_000_000_000;
        path.NowNs += (ulong)(secondsAhead * 1_000_000_000L);
        byte[] request = path.Request(prober, 0);
        path.NowNs -= (ulong)(secondsAhead * 1_000_000_000L);

        Assert.Equal(answered, path.Reflect(request).Length > 0);
    }

    [Fact]
    public void Request_WithAnyOctetChanged_IsNotAnswered()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        for (int octet = 0; octet < prober.RequestSize; octet++)
        {
            byte[] request = path.Request(prober, (uint)octet);
            request[octet] ^= 1;
            Assert.Empty(path.Reflect(request));
        }

        Assert.Equal(0, path.Counters[ReflectorOutcome.Answered]);
        Assert.Equal(prober.RequestSize, path.Counters.Received);
    }

    [Fact]
    public void Request_WithAForeignKeyOrInClear_IsNotAnsweredAndCounted()
    {
        using ReflectedPath path = new(), other = new();
        using FrameProtocol stranger = other.Prober();
        byte[] clear = new byte[141];
        new UdpFrameHeader(UdpFrameFlags.Request, 0, 1, path.NowNs / 1000).Write(clear);
        clear[17] = 8; // PADDING for the rest
        clear[19] = (byte)(clear.Length - 20);

        Assert.Empty(path.Reflect(path.Request(stranger, 0)));
        Assert.Empty(path.Reflect(clear));

        Assert.Equal(
            (1L, 1L), (path.Counters[ReflectorOutcome.AuthenticationFailed], path.Counters[ReflectorOutcome.Clear]));
    }

    [Fact]
    public void Reply_NeverLongerThanItsRequest_WhateverTheSize()
    {
        using ReflectedPath path = new(ReflectorLimits.Usual with { RepliesPerSecond = 1_000_000 });
        using FrameSealer sealer = path.Sealer();
        byte[] padding = new byte[600];
        for (int tlvs = 0; tlvs <= padding.Length; tlvs = tlvs == 0 ? Tlv.HeaderSize : tlvs + 1)
        {
            Array.Clear(padding);
            if (tlvs > 0)
                new TlvWriter(padding).TryWrite(TlvType.Padding, new byte[tlvs - Tlv.HeaderSize]);
            byte[] request = path.Frame(sealer, UdpFrameFlags.Request, (uint)tlvs, padding.AsSpan(0, tlvs));
            int reply = path.Reflect(request).Length;

            Assert.InRange(reply, request.Length < 52 ? 48 : request.Length - Tlv.HeaderSize + 1, request.Length);
        }
    }

    [Fact]
    public void Request_LargerThanTheBuffer_IsNotAnswered()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();

        Assert.Empty(path.Reflect(path.Request(prober, 0), truncated: true));
        Assert.Equal(1, path.Counters[ReflectorOutcome.Oversized]);
    }

    [Fact]
    public void Reply_SentBackToTheReflector_IsNeitherAnsweredNorRecorded()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        byte[] reply = [.. path.Reflect(path.Request(prober, 0))];

        Assert.Empty(path.Reflect(reply));
        Assert.Equal(1, path.Counters[ReflectorOutcome.IsReply]);
    }

    [Fact]
    public void Source_ThatAsksTooOften_IsHeldToTheRateAndOthersAreNot()
    {
        using ReflectedPath path = new(ReflectorLimits.Usual with { RepliesPerSecond = 10 });
        using FrameProtocol prober = path.Prober(), other = path.Prober();
        int answered = 0;
        for (uint i = 0; i < 100; i++)
        {
            path.NowNs += 10_000_000;
            answered += path.Reflect(path.Request(prober, i)).Length > 0 ? 1 : 0;
        }

        Assert.InRange(answered, 19, 21); // the second's worth that a new source has, and one second's
        Assert.NotEmpty(path.Reflect(path.Request(other, 0), source: Ipv6Address.Parse("2001:db8::9")));
        Assert.Equal(100 - answered, path.Counters[ReflectorOutcome.Limited]);
        path.NowNs += 1_000_000_000;
        Assert.True(prober.TryReadReply(path.Reflect(path.Request(prober, 100)), out ReplyFacts facts));
        Assert.Equal(new ReflectorCounts(101, (uint)(100 - answered), 0, 0), facts.Counts);
    }

    [Fact]
    public void Prober_WithoutRoom_WaitsUntilAnotherIsGone()
    {
        using ReflectedPath path = new(ReflectorLimits.Usual with { Probers = 1 });
        using FrameProtocol first = path.Prober(), second = path.Prober();
        Assert.NotEmpty(path.Reflect(path.Request(first, 0)));
        Assert.Empty(path.Reflect(path.Request(second, 0)));
        path.NowNs += 2 * (ulong)ReflectorLimits.Usual.ClockTolerance.TotalNanoseconds;

        Assert.NotEmpty(path.Reflect(path.Request(second, 1)));
        Assert.Equal(1, path.Counters[ReflectorOutcome.NoRoom]);
    }

    [Fact]
    public void Log_RequestAndOneWayFrame_HoldsWhatTheySay()
    {
        string log = Path.Combine(Path.GetTempPath(), $"pdm6-log-{Guid.NewGuid():N}");
        try
        {
            using ReflectedPath path = new(logPath: log);
            using FrameProtocol prober = path.Prober();
            using FrameSealer kernel = path.Sealer();
            byte[] tlvs = new byte[64];
            TlvWriter writer = new(tlvs);
            byte[] pdm = new byte[PdmMetrics.Size];
            pdm[3] = 9; // PSNLR
            writer.TryWrite(TlvType.Pdm, pdm);
            writer.TryWriteU8(TlvType.HopCount, 7);
            writer.TryWrite(TlvType.Custom, "kmod"u8);
            writer.TryWrite((TlvType)300, [1, 2]);
            path.Reflect(path.Request(prober, 0, lastRoundTripNs: 123_456));
            Assert.Empty(path.Reflect(path.Frame(kernel, UdpFrameFlags.None, 42, tlvs.AsSpan(0, writer.WrittenSize))));
            path.Reflect([1, 2, 3]);
            path.WriteLog();
            JsonElement[] lines = [.. File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement)];

            Assert.Equal(2, lines.Length);
            Assert.Equal("request", lines[0].GetProperty("kind").GetString());
            Assert.Equal(123_456, lines[0].GetProperty("roundTripNs").GetInt64());
            Assert.Equal("2001:db8::1", lines[0].GetProperty("source").GetString());
            Assert.Equal("oneWay", lines[1].GetProperty("kind").GetString());
            Assert.Equal((42, 7), (lines[1].GetProperty("sequence").GetInt32(), lines[1].GetProperty("hopCount").GetInt32()));
            Assert.Equal(9, lines[1].GetProperty("pdm").GetProperty("psnlr").GetInt32());
            Assert.Equal(
                [(100, "6b6d6f64"), (300, "0102")],
                lines[1].GetProperty("tlvs").EnumerateArray().Select(tlv => (tlv.GetProperty("type").GetInt32(), tlv.GetProperty("value").GetString()!)));
            Assert.False(lines[0].TryGetProperty("tlvs", out _));
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    public void Requests_WithoutEnd_AllocateNothing()
    {
        using ReflectedPath path = new(ReflectorLimits.Usual with { RepliesPerSecond = 1_000_000 });
        using FrameProtocol prober = path.Prober();
        byte[] request = new byte[prober.RequestSize], reply = new byte[FrameSizes.Largest];
        uint index = 0;
        long answered = 0;
        void Run()
        {
            for (int i = 0; i < 1000; i++)
            {
                prober.WriteRequest(new RequestFacts(index++, path.NowNs, 1000, null, false), request);
                Probe.Native.ReceivedDatagram datagram = new() { Payload = request, HopLimit = 64 };
                int size = path.Reflection.Reflect(datagram, new ReflectorTime(path.NowNs, 1, 0, null), reply);
                answered += prober.TryReadReply(reply.AsSpan(0, size), out _) ? 1 : 0;
            }
        }

        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2000, answered);
    }

    private static uint LossOf(ReflectedPath path, byte[] reply)
    {
        using FrameOpener opener = path.Opener();
        byte[] tlvs = new byte[reply.Length];
        Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(reply, tlvs, out _, out int size));
        TlvReader reader = new(tlvs.AsSpan(0, size));
        while (reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
        {
            if (type == (ushort)TlvType.LossRate)
                return (uint)Tlv.ReadNumber(value);
        }
        throw new InvalidOperationException("The reply has no LOSS_RATE.");
    }
}
