using System.Buffers.Binary;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>The octets of a datagram: its number, then octets that follow from the number.</summary>
internal static class NumberedBody
{
    /// <summary>The shortest body, octets.</summary>
    internal const int SmallestSize = sizeof(ulong);

    private const int Displacements = 65_521; // a prime: neighbours differ everywhere
    private static readonly byte[] s_pattern = Pattern();

    internal static void Write(Span<byte> body, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(body, number);
        Rest(number, body.Length - SmallestSize).CopyTo(body[SmallestSize..]);
    }

    /// <summary>Reads the number; false if any octet is not the one that belongs to it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> body, out ulong number)
    {
        number = 0;
        if (body.Length < SmallestSize)
            return false;
        number = BinaryPrimitives.ReadUInt64LittleEndian(body);
        return body[SmallestSize..].SequenceEqual(Rest(number, body.Length - SmallestSize));
    }

    private static ReadOnlySpan<byte> Rest(ulong number, int octets) => s_pattern.AsSpan((int)(number % Displacements), octets);

    private static byte[] Pattern()
    {
        byte[] pattern = new byte[Displacements + ushort.MaxValue];
        ReproducibleBody.Fill(pattern, 0);
        return pattern;
    }
}
