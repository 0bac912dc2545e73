using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>What carries a packet's measurement on a path that loses some forms: <c>pdm6_form</c> of
/// <c>bpf/pdm6_form.h</c>, and a test holds both to each other.</summary>
public static class PathFallback
{
    /// <summary>The form that a packet gets; <see cref="PacketCarriage.Nothing"/>: none. What the rule wants protected is
    /// never sent in clear.</summary>
    /// <param name="rule">What its rule asks for.</param>
    /// <param name="lost">What does not arrive.</param>
    /// <param name="protocol">The packet's upper-layer protocol.</param>
    public static PacketCarriage Of(PacketCarriage rule, LostForms lost, byte protocol)
    {
        PacketCarriage form = rule;
        while ((FormOf(form) & lost) != 0)
            form = form switch
            {
                PacketCarriage.DestoptV2 => PacketCarriage.UdpOption,
                PacketCarriage.DestoptV2Clear => PacketCarriage.DestoptV1,
                PacketCarriage.DestoptV1 => PacketCarriage.UdpOptionClear,
                _ => PacketCarriage.Nothing,
            };
        return form >= PacketCarriage.UdpOption && protocol != NextHeader.Udp ? PacketCarriage.Nothing : form;
    }

    /// <summary>What must arrive for a carriage to arrive; 0: nothing but the packet.</summary>
    public static LostForms FormOf(PacketCarriage carriage) => carriage switch
    {
        PacketCarriage.DestoptV2 => LostForms.Header48,
        PacketCarriage.DestoptV2Clear => LostForms.Header32,
        PacketCarriage.DestoptV1 => LostForms.Header16,
        PacketCarriage.UdpOption or PacketCarriage.UdpOptionClear => LostForms.Surplus,
        _ => 0,
    };
}
