namespace Pdm6.Datapath;

/// <summary>The names of carriages in configurations and reports: <c>destopt-v2-clear</c> and the like.</summary>
public static class PacketCarriageNames
{
    private static readonly string[] s_names =
        ["destopt-v2", "destopt-v2-clear", "destopt-v1", "udp-option", "udp-option-clear", "udp-frame", "nothing"];

    /// <summary>Names that a rule may ask for.</summary>
    public static IReadOnlyList<string> ForRules { get; } = s_names[..(int)PacketCarriage.Nothing];

    /// <summary>Carriages that the kernel programs know how to make.</summary>
    public static IReadOnlyList<PacketCarriage> Made { get; } =
        [PacketCarriage.DestoptV2, PacketCarriage.DestoptV2Clear, PacketCarriage.DestoptV1, PacketCarriage.UdpOption, PacketCarriage.UdpOptionClear, PacketCarriage.UdpFrame];

    /// <summary>The name.</summary>
    public static string ToName(this PacketCarriage carriage) => s_names[(int)carriage];

    /// <summary>Finds the carriage that a rule asks for; false if there is none of that name.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out PacketCarriage carriage)
    {
        for (carriage = 0; carriage < PacketCarriage.Nothing; carriage++)
            if (name.SequenceEqual(carriage.ToName()))
                return true;
        carriage = default;
        return false;
    }
}
