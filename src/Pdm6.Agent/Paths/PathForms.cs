using System.Diagnostics.CodeAnalysis;
using Pdm6.Datapath;

namespace Pdm6.Agent.Paths;

/// <summary>What there is to know of each <see cref="PathForm"/>.</summary>
internal static class PathForms
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<PathForm> All { get; } = Enum.GetValues<PathForm>();

    /// <summary>Octets of the Destination Options header; 0 for forms without one.</summary>
    internal static int HeaderOctets(this PathForm form) => form switch
    {
        PathForm.Header16 => 16,
        PathForm.Header32 => 32,
        PathForm.Header48 => 48,
        PathForm.Header56 => 56,
        _ => 0,
    };

    /// <summary>Octets behind the UDP datagram.</summary>
    internal static int SurplusOctets(this PathForm form) => form switch
    {
        PathForm.UdpOptionClear => Wire.UdpOption.ClearSurplusSize,
        PathForm.UdpOption => Wire.UdpOption.ProtectedSurplusSize,
        _ => 0,
    };

    /// <summary>The carriage that goes in this form; empty if none does.</summary>
    internal static string Carriage(this PathForm form) => form switch
    {
        PathForm.Header16 => PacketCarriage.DestoptV1.ToName(),
        PathForm.Header32 => PacketCarriage.DestoptV2Clear.ToName(),
        PathForm.Header48 => PacketCarriage.DestoptV2.ToName(),
        PathForm.UdpOptionClear => PacketCarriage.UdpOptionClear.ToName(),
        PathForm.UdpOption => PacketCarriage.UdpOption.ToName(),
        _ => "",
    };

    /// <summary>The form in which a kind is tried.</summary>
    internal static PathForm Of(LostForms single) => single switch
    {
        LostForms.Header48 => PathForm.Header48,
        LostForms.Header32 => PathForm.Header32,
        LostForms.Header16 => PathForm.Header16,
        LostForms.Surplus => PathForm.UdpOption,
        _ => throw new ArgumentOutOfRangeException(nameof(single), single, "Not a single kind."),
    };

    /// <summary>The kinds of a set, one by one.</summary>
    internal static IEnumerable<LostForms> Each(this LostForms set) => Enum.GetValues<LostForms>().Where(single => set.HasFlag(single));

    /// <summary>For people: what is lost.</summary>
    internal static string Describe(this LostForms lost) => string.Join(", ", lost.Each().Select(single => single == LostForms.Surplus
        ? "UDP datagrams with an option behind them"
        : $"packets with a Destination Options header of {Of(single).HeaderOctets()} octets"));

    /// <summary>Reads a form from a message.</summary>
    internal static bool TryRead(byte octet, [NotNullWhen(true)] out PathForm? form)
    {
        form = octet < All.Count ? (PathForm)octet : null;
        return form is not null;
    }
}
