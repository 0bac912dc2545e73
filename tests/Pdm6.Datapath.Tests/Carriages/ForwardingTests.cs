using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>A host with agents that is a router for others: their packets pass as they came, with options or without.</summary>
public class ForwardingTests
{
    private const int LinkHeader = 14, HopLimitAt = LinkHeader + 7;
    private static readonly byte[] s_router = [2, 0, 0, 0, 0, 1], s_destination = [2, 0, 0, 0, 0, 2];

    [KernelTheory]
    [InlineData("none", false)]
    [InlineData("options", false)]
    [InlineData("PDMv1", false)]
    [InlineData("PDMv1", true)]
    [InlineData("clear PDMv2", true)]
    public void Forward_OthersPacket_LeavesAsItCame(string chain, bool strip) => OwnNamespace.Run(() =>
    {
        int near = OwnNamespace.AddVethPair("pdm6a", "pdm6b"), far = OwnNamespace.AddVethPair("pdm6c", "pdm6d");
        OwnNamespace.Execute("ip", "link", "set", "pdm6a", "address", Text(s_router));
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1");
        OwnNamespace.Execute("ip", "route", "add", $"{TestDatapath.Pair.Destination}/128", "dev", "pdm6c");
        OwnNamespace.Execute(
            "ip", "neighbour", "add", $"{TestDatapath.Pair.Destination}", "lladdr", Text(s_destination), "dev", "pdm6c", "nud", "permanent");
        using CarryingDatapath datapath = new(acceptClearOptions: true, strip: strip);
        datapath.Kernel.Attach(near);
        datapath.Kernel.Attach(far);
        using RawInterface source = RawInterface.OpenSender("pdm6b"), destination = RawInterface.OpenCapture("pdm6d");
        byte[] frame = HeaderChain.Udp(chain);
        s_router.CopyTo(frame, 0);

        source.Send(frame);

        byte[] passed = [];
        Poll.Until(() =>
        {
            passed = destination.ReadFrames().Find(arrived => arrived.AsSpan(0, 6).SequenceEqual(s_destination)) ?? [];
            return passed.Length > 0;
        }, "the packet was not forwarded");
        Assert.Equal(frame[HopLimitAt] - 1, passed[HopLimitAt]);
        passed[HopLimitAt]++;
        Assert.Equal(frame[LinkHeader..], passed[LinkHeader..]);
        Assert.Equal(1ul, datapath.Count(PacketOutcome.Forwarded));
        Assert.Equal(0ul, datapath.Count(PacketOutcome.Sealed));
    });

    private static string Text(byte[] address) => string.Join(':', address.Select(octet => octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
