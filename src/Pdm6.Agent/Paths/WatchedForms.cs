using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>What a policy puts on packets, and what it falls back to: what is worth asking about.</summary>
/// <param name="First">What the rules ask for.</param>
/// <param name="Fallbacks">What is made instead, where a path loses that: <see cref="PathFallback"/>.</param>
internal sealed record WatchedForms(LostForms First, LostForms Fallbacks)
{
    /// <summary>Everything that may be sent.</summary>
    internal LostForms All => First | Fallbacks;

    /// <summary>What is sent on a path that loses so much.</summary>
    internal LostForms InUse(LostForms lost) => ((First & lost) == 0 ? First : All) & ~lost;

    /// <summary>Of a policy.</summary>
    /// <param name="rules">The carriages that its rules ask for.</param>
    /// <param name="made">The carriages that the kernel programs can make.</param>
    internal static WatchedForms Of(IEnumerable<PacketCarriage> rules, IReadOnlyList<PacketCarriage> made)
    {
        LostForms first = 0, fallbacks = 0;
        foreach (PacketCarriage carriage in rules)
        {
            LostForms lost = PathFallback.FormOf(carriage);
            first |= lost;
            // What carries it where all of that is lost, and so on: a UDP packet has the most forms left.
            while (PathFallback.Of(carriage, lost, NextHeader.Udp) is var next && next != carriage && next != PacketCarriage.Nothing && made.Contains(next))
            {
                lost |= PathFallback.FormOf(next);
                fallbacks |= PathFallback.FormOf(next);
            }
        }
        return new WatchedForms(first, fallbacks & ~first);
    }
}
