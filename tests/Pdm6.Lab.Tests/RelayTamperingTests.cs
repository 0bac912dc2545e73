using Pdm6.Lab.Native;
using Pdm6.Wire;

namespace Pdm6.Lab.Tests;

[Collection("laboratory")]
public sealed class RelayTamperingTests
{
    private const int PacketsWithOption = 100;

    [Fact]
    public async Task Tampering_EveryTenthOption_FlipsExactlyOneBitOfExactlyThese()
    {
        string path = Path.GetTempFileName();
        await using Laboratory laboratory = Laboratory.Create();
        using PacketSocket tap = laboratory.Server.Within(() => PacketSocket.Open(Laboratory.MeasuredInterface));
        Impairments toServer = new() { Tampering = new() { Every = 10 } };
        RelayCounters counters;
        await using (RunningRelay relay = RunningRelay.Start(
            laboratory.Router, laboratory.Relay(toServer, new()) with { DecisionLog = path }))
        {
            using Datagrams datagrams = new(laboratory);
            for (int number = 1; number <= PacketsWithOption; number++)
                datagrams.Send(number, withOption: true);
            Assert.Equal(PacketsWithOption, datagrams.Receive().Count); // unknown options are skipped by the receiver
            counters = await relay.StopAsync();
        }

        Assert.Equal(PacketsWithOption, counters.ToServer.WithOption);
        Assert.Equal(10, counters.ToServer.Tampered);
        RelayLogEntry[] log = [.. RelayLogEntry.ReadAll(path)];
        File.Delete(path);
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], log.Where(e => e.TamperedBit is not null).Select(e => e.Ordinal));
        List<byte[]> options = ReceivedOptions(tap);
        Assert.Equal(PacketsWithOption, options.Count);
        for (int i = 0; i < PacketsWithOption; i++)
        {
            byte[] expected = Datagrams.Header((uint)(i + 1))[2..42];
            if (log[i].TamperedBit is { } bit)
            {
                Assert.InRange(bit, 32, 319);
                expected[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            }
            Assert.Equal(expected, options[i]);
        }
    }

    [Fact]
    public async Task DecisionLog_PacketWithOption_NamesFlowAndPsntp()
    {
        string path = Path.GetTempFileName();
        await using Laboratory laboratory = Laboratory.Create();
        Impairments toServer = new() { Loss = new() { Ordinals = [2] }, Duplication = new() { Ordinals = [3] } };
        await using (RunningRelay relay = RunningRelay.Start(
            laboratory.Router, laboratory.Relay(toServer, new()) with { DecisionLog = path }))
        {
            using Datagrams datagrams = new(laboratory);
            for (int number = 1; number <= 3; number++)
                datagrams.Send(number, withOption: true);
            Assert.Equal([1, 3, 3], datagrams.Receive());
            await relay.StopAsync();
        }
        RelayLogEntry[] log = [.. RelayLogEntry.ReadAll(path)];
        File.Delete(path);

        Assert.Equal([PacketFate.Forwarded, PacketFate.Lost, PacketFate.Forwarded, PacketFate.Forwarded],
            log.OrderBy(e => e.Ordinal).Select(e => e.Fate));
        Assert.Equal([1u, 2u, 3u, 3u], log.OrderBy(e => e.Ordinal).Select(e => e.Psntp ?? 0));
        Assert.Equal([0, 0, 0, 1], log.OrderBy(e => e.Ordinal).ThenBy(e => e.Copy).Select(e => e.Copy));
        Assert.All(log, e =>
        {
            Assert.Equal((ushort)0x123, e.Epoch);
            Assert.Equal(LaboratoryAddresses.Client.ToString(), e.Source);
            Assert.Equal(LaboratoryAddresses.Server.ToString(), e.Destination);
            Assert.Equal((NextHeader.Udp, (ushort)4000, "toServer"), (e.Protocol, e.DestinationPort, e.Direction));
            Assert.Equal(40 + 48 + 8 + 4, e.Octets);
        });
    }

    private static List<byte[]> ReceivedOptions(PacketSocket tap)
    {
        List<byte[]> options = [];
        byte[] buffer = new byte[PacketSocket.LargestFrame];
        while (tap.Receive(buffer, out _, out _) is > 0 and int length)
        {
            ReadOnlySpan<byte> frame = buffer.AsSpan(PacketSocket.VnetHeaderSize, length - PacketSocket.VnetHeaderSize);
            if (FrameInspector.TryInspect(frame, out FrameFacts facts) && facts.Flow.DestinationPort == 4000)
                options.Add(frame.Slice(14 + 40 + 2, Pdmv2OptionView.ProtectedSize).ToArray());
        }
        return options;
    }
}
