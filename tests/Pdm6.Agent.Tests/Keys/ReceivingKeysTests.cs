using Pdm6.Agent.Keys;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath;
using Pdm6.Datapath.Tests;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Keys;

/// <summary>Receiving keys in a real kernel; Unix time is an argument.</summary>
public sealed class ReceivingKeysTests
{
    private const ulong Now = 1030 * TestAnnouncements.Second;
    private static readonly HashSet<IncarnationId> s_noOwn = [];
    [KernelFact]
    public void Update_MoreSendersThanFit_StopsAtTheLimitAndGoesOnWhenTheyHaveGone()
    {
        using KernelDatapath datapath = KernelDatapath.Load(new DatapathOptions { FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = 8 });
        using TestExchange exchange = new();
        ReceivingKeys keys = new(datapath, exchange, [Ipv6Address.Parse("2001:db8::a"), Ipv6Address.Parse("2001:db8::b")], limit: 3);

        keys.Update(Senders("2001:db8::1"), Now, 0);
        Assert.Equal((2, false), (keys.Count, keys.IsFull));

        keys.Update(Senders("2001:db8::1", "2001:db8::2", "2001:db8::3"), Now, 0);
        Assert.Equal((3, true), (keys.Count, keys.IsFull));

        keys.Update(Senders("2001:db8::4"), Now, 0);
        Assert.Equal((2, false), (keys.Count, keys.IsFull));
    }

    [KernelFact]
    public void Update_SecretNotGivenYet_InstallsTheKeyOnceItIs()
    {
        using KernelDatapath datapath = KernelDatapath.Load(new DatapathOptions { FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = 8 });
        using TestExchange exchange = new() { GivesSecrets = false };
        ReceivingKeys keys = new(datapath, exchange, [Ipv6Address.Parse("2001:db8::a")]);
        RemoteContexts senders = Senders("2001:db8::1");

        keys.Update(senders, Now, 0);
        Assert.Equal(0, keys.Count);

        exchange.GivesSecrets = true;
        keys.Update(senders, Now, 0);
        Assert.Equal(1, keys.Count);
    }

    private static RemoteContexts Senders(params string[] addresses) =>
        new(addresses.Select(address => TestAnnouncements.Make(1, address)), s_noOwn);
}
