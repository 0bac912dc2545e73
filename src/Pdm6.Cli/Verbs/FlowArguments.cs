using Pdm6.Agent.Configuration;
using Pdm6.Wire;

namespace Pdm6.Cli.Verbs;

/// <summary>Reads a flow as people write it.</summary>
internal static class FlowArguments
{
    private const ushort EchoRequest = 128 << 8;

    internal static FlowKey Read(string protocol, string source, string destination)
    {
        if (!RuleConfiguration.TryParseProtocol(protocol, out byte number))
            throw new WrongUseException($"{protocol} is not a protocol; write tcp, udp, icmpv6, sctp, dccp, udplite or a number from 0 to 255.");
        (Ipv6Address from, ushort? fromPort) = ReadEnd(source);
        (Ipv6Address to, ushort? toPort) = ReadEnd(destination);
        if (number == NextHeader.Icmpv6)
            return new FlowKey(from, to, number, EchoRequest, 0);
        if (NextHeader.HasPorts(number) != (fromPort is not null && toPort is not null) || (fromPort is null) != (toPort is null))
            throw new WrongUseException(NextHeader.HasPorts(number)
                ? $"{protocol} has ports; write both ends like [2001:db8::1]:40000."
                : $"{protocol} has no ports; write both ends like 2001:db8::1.");
        return new FlowKey(from, to, number, fromPort ?? 0, toPort ?? 0);
    }

    internal static byte ReadDscp(string? text)
    {
        if (text is null)
            return 0;
        return RuleConfiguration.TryParseDscp(text, out byte dscp)
            ? dscp
            : throw new WrongUseException($"--dscp: {text} is not a code point; write a number from 0 to 63, or a name like ef, cs1 or af41.");
    }

    internal static uint ReadMark(string? text)
    {
        if (text is null)
            return 0;
        return RuleConfiguration.TryParseMark(text, out uint mark)
            ? mark
            : throw new WrongUseException($"--mark: {text} is not a number; write it like 0x10.");
    }

    private static (Ipv6Address Address, ushort? Port) ReadEnd(string text)
    {
        int end = text.StartsWith('[') ? text.IndexOf("]:", StringComparison.Ordinal) : -1;
        string address = end < 0 ? text : text[1..end];
        ushort port = 0;
        if (!Ipv6Address.TryParse(address, out Ipv6Address parsed) || end >= 0 && !ushort.TryParse(text[(end + 2)..], out port))
            throw new WrongUseException($"{text} is not an end of a flow; write it like 2001:db8::1, or [2001:db8::1]:53 with a port.");
        return (parsed, end < 0 ? null : port);
    }
}
