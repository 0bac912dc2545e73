using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>
/// Lets a socket take a <see cref="PathMessage"/> only if that with which it was sent arrived too: a router may take a
/// header off, or octets behind a datagram, and pass the rest. The kernel does not show a datagram's reader what was
/// around it, but it shows a socket filter (classic BPF, as of <c>linux/filter.h</c>).
/// <para>Where other headers stand in front it cannot be told without a walk, and the datagram is taken.</para>
/// </summary>
internal static class ArrivalFilter
{
    private const int SocketLevel = 1, AttachFilter = 26; // SOL_SOCKET, SO_ATTACH_FILTER
    private const int InstructionSize = 8;

    // Offsets of loads: from the UDP header on, or from the IPv6 header on (SKF_NET_OFF).
    private const uint Udp = 0, Payload = Udp + 8, Ipv6 = unchecked((uint)-0x100000), BehindIpv6 = Ipv6 + 40;

    private enum Code : ushort
    {
        LoadOctet = 0x30,
        LoadTwoOctets = 0x28,
        Keep = 0x07, // in the second register
        SubtractKept = 0x1c,
        JumpIfEqual = 0x15,
        Jump = 0x05,
        Return = 0x06,
    }

    /// <summary>Where a check leads.</summary>
    private enum Then { GoOn, Take, Drop }

    private readonly record struct Check(Code Code, uint Operand, Then IfSo = Then.GoOn, Then IfNot = Then.GoOn);

    /// <summary>From now on nothing else comes out of the socket.</summary>
    /// <exception cref="SocketException">The kernel refuses it.</exception>
    internal static void Attach(Socket socket, byte optionType)
    {
        byte[] program = Assemble(optionType);
        GCHandle pinned = GCHandle.Alloc(program, GCHandleType.Pinned); // the kernel copies it
        try
        {
            Span<byte> description = stackalloc byte[16]; // struct sock_fprog
            description.Clear();
            BitConverter.TryWriteBytes(description, (ushort)(program.Length / InstructionSize));
            BitConverter.TryWriteBytes(description[8..], pinned.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, description);
        }
        finally
        {
            pinned.Free();
        }
    }

    private static byte[] Assemble(byte optionType)
    {
        // The form in which the message was sent; of a datagram that is no message, anything.
        List<byte> program =
        [
            .. Instruction(Code.LoadTwoOctets, Payload + PathMessage.KindOffset),
            .. Instruction(Code.JumpIfEqual, PathMessage.RequestKind, ifNot: 2),
            .. Instruction(Code.LoadOctet, Payload + PathMessage.RequestFormOffset),
            .. Instruction(Code.Jump, 1),
            .. Instruction(Code.LoadOctet, Payload + PathMessage.AnswerOwnFormOffset),
        ];
        foreach (PathForm form in PathForms.All)
        {
            Check[] checks = form.HeaderOctets() > 0 ? HasHeader(form.HeaderOctets(), optionType)
                : form.SurplusOctets() > 0 ? HasSurplus(form.SurplusOctets())
                : [];
            program.AddRange(Instruction(Code.JumpIfEqual, (uint)form, ifNot: checks.Length + 2));
            foreach ((int i, Check check) in checks.Index())
            {
                int left = checks.Length - 1 - i; // then comes what takes, then what drops
                program.AddRange(Instruction(check.Code, check.Operand, Distance(check.IfSo, left), Distance(check.IfNot, left)));
            }
            program.AddRange([.. Instruction(Code.Return, uint.MaxValue), .. Instruction(Code.Return, 0)]);
        }
        program.AddRange(Instruction(Code.Return, uint.MaxValue));
        return [.. program];
    }

    private static int Distance(Then then, int left) => then switch
    {
        Then.Take => left,
        Then.Drop => left + 1,
        _ => 0,
    };

    /// <summary>A Destination Options header of this size with one option of our type that fills it.</summary>
    private static Check[] HasHeader(int octets, byte optionType) =>
    [
        new(Code.LoadOctet, Ipv6 + 6),
        new(Code.JumpIfEqual, NextHeader.Udp, IfSo: Then.Drop),
        new(Code.JumpIfEqual, NextHeader.DestinationOptions, IfNot: Then.Take),
        new(Code.LoadTwoOctets, BehindIpv6),
        new(Code.JumpIfEqual, (uint)(NextHeader.Udp << 8 | (octets / 8 - 1)), IfNot: Then.Drop),
        new(Code.LoadTwoOctets, BehindIpv6 + 2),
        new(Code.JumpIfEqual, (uint)(optionType << 8 | (octets - 4)), Then.Take, Then.Drop),
    ];

    /// <summary>So many octets between the end of the datagram and that of the packet.</summary>
    private static Check[] HasSurplus(int octets) =>
    [
        new(Code.LoadOctet, Ipv6 + 6),
        new(Code.JumpIfEqual, NextHeader.Udp, IfNot: Then.Take),
        new(Code.LoadTwoOctets, Udp + 4),
        new(Code.Keep, 0),
        new(Code.LoadTwoOctets, Ipv6 + 4),
        new(Code.SubtractKept, 0),
        new(Code.JumpIfEqual, (uint)octets, Then.Take, Then.Drop),
    ];

    /// <summary>struct sock_filter.</summary>
    private static byte[] Instruction(Code code, uint operand, int ifSo = 0, int ifNot = 0)
    {
        byte[] octets = new byte[InstructionSize];
        BitConverter.TryWriteBytes(octets, (ushort)code);
        (octets[2], octets[3]) = ((byte)ifSo, (byte)ifNot);
        BitConverter.TryWriteBytes(octets.AsSpan(4), operand);
        return octets;
    }
}
