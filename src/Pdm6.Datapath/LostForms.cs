namespace Pdm6.Datapath;

/// <summary>What does not arrive at a destination, of what measurement adds to packets: <c>enum pdm6_lost_forms</c>.</summary>
[Flags]
public enum LostForms
{
    /// <summary>Packets with a Destination Options header of 48 octets: destopt-v2.</summary>
    Header48 = 1,
    /// <summary>Packets with one of 32 octets: destopt-v2-clear.</summary>
    Header32 = 2,
    /// <summary>Packets with one of 16 octets: destopt-v1.</summary>
    Header16 = 4,
    /// <summary>UDP datagrams with octets behind them: udp-option.</summary>
    Surplus = 8,
}
