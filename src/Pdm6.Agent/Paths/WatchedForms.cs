using Pdm6.Datapath;

namespace Pdm6.Agent.Paths;

/// <summary>What a policy puts on packets, and what it falls back to: what is worth asking about.</summary>
/// <param name="First">What the rules ask for.</param>
/// <param name="Fallbacks">What the egress program makes instead, where a path loses that: <c>pdm6_form</c> in
/// <c>bpf/pdm6_form.h</c>.</param>
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
            first |= FormOf(carriage);
            // Never from protected to clear.
            PacketCarriage[] instead = carriage switch
            {
                PacketCarriage.DestoptV2 => [PacketCarriage.UdpOption],
                PacketCarriage.DestoptV2Clear => [PacketCarriage.DestoptV1, PacketCarriage.UdpOptionClear],
                PacketCarriage.DestoptV1 => [PacketCarriage.UdpOptionClear],
                _ => [],
            };
            foreach (PacketCarriage fallback in instead.Where(made.Contains))
                fallbacks |= FormOf(fallback);
        }
        return new WatchedForms(first, fallbacks & ~first);
    }

    private static LostForms FormOf(PacketCarriage carriage) => carriage switch
    {
        PacketCarriage.DestoptV2 => LostForms.Header48,
        PacketCarriage.DestoptV2Clear => LostForms.Header32,
        PacketCarriage.DestoptV1 => LostForms.Header16,
        PacketCarriage.UdpOption or PacketCarriage.UdpOptionClear => LostForms.Surplus,
        _ => 0,
    };
}
