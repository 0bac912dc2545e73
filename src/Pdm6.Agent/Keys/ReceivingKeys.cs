using System.Security.Cryptography;
using Pdm6.Agent.Exchange;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>
/// Keeps the keys in the kernel that let others' options update state here: those that are good now, and those that
/// will be soon. For one thread at a time.
/// </summary>
/// <param name="datapath">Where they go.</param>
/// <param name="exchange">Where their secrets come from.</param>
/// <param name="local">Our addresses.</param>
/// <param name="limit">Keys that there is room for: senders that announced themselves first go without.</param>
internal sealed class ReceivingKeys(KernelDatapath datapath, IKeyExchange exchange, IReadOnlyList<Ipv6Address> local, int limit = ReceivingKeys.MostKeys)
{
    /// <summary>Room in the kernel's map: bpf/pdm6_maps.h.</summary>
    internal const int MostKeys = 262_144;

    // Keys are put so long before their time; the kernel keeps to the exact time.
    private const ulong AheadNs = 2_000_000_000;
    // Smaller differences between two measurements of the clocks' distance are not worth writing.
    private const ulong ToleranceNs = 10_000_000;

    private readonly HashSet<Ipv6Address> _local = [.. local];
    private readonly Dictionary<ReceivingKeyId, ReceivingKeyPlan> _installed = [];

    /// <summary>Keys in the kernel.</summary>
    internal int Count => _installed.Count;

    /// <summary>True if there is room for no other key.</summary>
    internal bool IsFull => Count >= limit;

    /// <summary>Brings the kernel to what is wanted now.</summary>
    /// <param name="remote">The contexts of others.</param>
    /// <param name="nowUnixNs">Unix time.</param>
    /// <param name="unixMinusBootNs">Its distance to the boot clock, measured now.</param>
    internal void Update(RemoteContexts remote, ulong nowUnixNs, long unixMinusBootNs)
    {
        datapath.SetLiveSources(remote.Addresses);
        Dictionary<ReceivingKeyId, ReceivingKeyPlan> wanted = Plan(remote, nowUnixNs, unixMinusBootNs);
        // Room for what is new is made first only where there is none otherwise: it costs keys that are about to move.
        if (_installed.Count + wanted.Keys.Count(id => !_installed.ContainsKey(id)) > limit)
            RemoveAllBut(wanted);
        // The older context first: when a newer one appears, the older moves to the second place before it loses the first.
        foreach ((ReceivingKeyId id, ReceivingKeyPlan plan) in wanted.OrderByDescending(entry => entry.Key.Generation))
            if (!_installed.TryGetValue(id, out ReceivingKeyPlan? known) || !known.IsLike(plan, ToleranceNs))
                Install(id, plan);
        RemoveAllBut(wanted);
    }

    private void RemoveAllBut(Dictionary<ReceivingKeyId, ReceivingKeyPlan> wanted)
    {
        foreach (ReceivingKeyId id in _installed.Keys.Where(id => !wanted.ContainsKey(id)).ToArray())
        {
            datapath.RemoveReceivingKey(id);
            _installed.Remove(id);
        }
    }

    private Dictionary<ReceivingKeyId, ReceivingKeyPlan> Plan(RemoteContexts remote, ulong nowUnixNs, long unixMinusBootNs)
    {
        Dictionary<ReceivingKeyId, ReceivingKeyPlan> wanted = [];
        foreach (Ipv6Address source in remote.Addresses.Where(address => !_local.Contains(address)))
        {
            IReadOnlyList<Announcement> contexts = remote.Of(source);
            for (int generation = 0; generation < contexts.Count; generation++)
                foreach (ReceivingKeyPlan plan in ReceivingKeyPlan.Of(contexts[generation], nowUnixNs, AheadNs, unixMinusBootNs))
                    foreach (Ipv6Address destination in local)
                    {
                        if (wanted.Count == limit)
                            return wanted;
                        wanted[new ReceivingKeyId(new AddressPair(source, destination), plan.Epoch, generation)] = plan;
                    }
        }
        return wanted;
    }

    private void Install(in ReceivingKeyId id, ReceivingKeyPlan plan)
    {
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        Span<byte> packed = stackalloc byte[KernelDatapath.PackedKeySize];
        try
        {
            if (!exchange.TryGetPairSecret(plan.Context, id.Pair, pairSecret))
                return; // it may be on its way: the next look tries again
            PairKeys.Pack(pairSecret, plan.Context.Suite, id.Epoch, packed);
            datapath.SetReceivingKey(id, plan.Period, packed);
            if ((plan.Context.Carriages & Carriages.UdpFrames) != 0)
            {
                PairKeys.PackForFrames(pairSecret, plan.Context.Suite, id.Epoch, packed);
                datapath.SetReceivingFrameKey(id, plan.Period, packed);
            }
            _installed[id] = plan;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
            CryptographicOperations.ZeroMemory(packed);
        }
    }
}
