using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>An ICMPv6 error about a datagram that was sent.</summary>
/// <param name="Destination">Where that datagram was going.</param>
/// <param name="Reporter">Who says so.</param>
/// <param name="Type">ICMPv6 type (RFC 4443).</param>
/// <param name="Code">ICMPv6 code.</param>
internal readonly record struct IcmpError(Endpoint Destination, Ipv6Address Reporter, byte Type, byte Code)
{
    // ENONET, EPROTO, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES, ENOPROTOOPT, EHOSTDOWN
    private static readonly int[] s_numbers = [64, 71, 111, 113, 101, 13, 92, 112];

    /// <summary>True for the errno values that ICMPv6 messages turn into.</summary>
    internal static bool IsNetworkError(int errorNumber) => Array.IndexOf(s_numbers, errorNumber) >= 0;

    /// <summary>What it means, as ping says it.</summary>
    internal string Meaning => (Type, Code) switch
    {
        (1, 0) => "Destination unreachable: No route",
        (1, 1) => "Destination unreachable: Administratively prohibited",
        (1, 2) => "Destination unreachable: Beyond scope of source address",
        (1, 3) => "Destination unreachable: Address unreachable",
        (1, 4) => "Destination unreachable: Port unreachable",
        (1, _) => $"Destination unreachable: code {Code}",
        (2, _) => "Packet too big",
        (3, 0) => "Time exceeded: Hop limit",
        (3, _) => $"Time exceeded: code {Code}",
        (4, _) => $"Parameter problem: code {Code}",
        _ => $"ICMPv6 type {Type}, code {Code}",
    };
}
