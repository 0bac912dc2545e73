using System.Buffers.Binary;

namespace Pdm6.Fuzz.Engine;

/// <summary>Changes an input a little: bits, numbers, lengths, parts, and what means something to the decoder.</summary>
internal sealed class Mutator(FuzzRandom random, IReadOnlyList<byte[]> tokens)
{
    private const int MostChanges = 6;

    private static ReadOnlySpan<byte> TellingOctets => [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff];

    /// <summary>Mutates the first <paramref name="size"/> octets of <paramref name="room"/>.</summary>
    /// <param name="room">The input, and room to grow.</param>
    /// <param name="size">Octets of the input.</param>
    /// <param name="other">Another input, to take parts of.</param>
    /// <returns>Octets of the input now.</returns>
    public int Mutate(Span<byte> room, int size, ReadOnlySpan<byte> other)
    {
        int changes = 1;
        while (changes < MostChanges && random.OneIn(2))
            changes++;
        for (; changes > 0; changes--)
            size = Change(room, size, other);
        return size;
    }

    private int Change(Span<byte> room, int size, ReadOnlySpan<byte> other)
    {
        if (size == 0)
            return Insert(room, size, 0, other);
        Span<byte> input = room[..size];
        int at = random.Below(size);
        switch (random.Below(12))
        {
            case 0 or 1:
                input[at] ^= (byte)(1 << random.Below(8));
                return size;
            case 2:
                input[at] = random.Octet();
                return size;
            case 3:
                input[at] = TellingOctets[random.Below(TellingOctets.Length)];
                return size;
            case 4:
                input[at] += (byte)(random.Below(33) - 16);
                return size;
            case 5:
                WriteNumber(input[at..], size);
                return size;
            case 6:
                return Cut(room, size, at, 1 + random.Below(Math.Min(size - at, 24)));
            case 7:
                return Cut(room, size, at, size - at);
            case 8:
                return Insert(room, size, at, Part(other));
            case 9:
                return Insert(room, size, at, Part(input));
            case 10:
                Overwrite(input[at..], Token(other));
                return size;
            default:
                return Insert(room, size, at, Token(other));
        }
    }

    /// <summary>A number near an end of its range, or near the size of the input: lengths are where decoders err.</summary>
    private void WriteNumber(Span<byte> at, int size)
    {
        ulong number = random.Below(4) switch
        {
            0 => (ulong)(size + random.Below(9) - 4),
            1 => (ulong)(at.Length + random.Below(9) - 4),
            2 => 0UL - (ulong)random.Below(9),
            _ => random.Next() >> random.Below(64),
        };
        if (at.Length >= 8 && random.OneIn(4))
            BinaryPrimitives.WriteUInt64BigEndian(at, number);
        else if (at.Length >= 4 && random.OneIn(3))
            BinaryPrimitives.WriteUInt32BigEndian(at, (uint)number);
        else if (at.Length >= 4 && random.OneIn(4))
            BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)number);
        else if (at.Length >= 2)
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)number);
        else
            at[0] = (byte)number;
    }

    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> of)
    {
        if (of.IsEmpty)
            return of;
        int start = random.Below(of.Length);
        return of.Slice(start, 1 + random.Below(Math.Min(of.Length - start, 64)));
    }

    private ReadOnlySpan<byte> Token(ReadOnlySpan<byte> other) =>
        tokens.Count == 0 ? Part(other) : tokens[random.Below(tokens.Count)];

    private static void Overwrite(Span<byte> at, ReadOnlySpan<byte> with) =>
        with[..Math.Min(with.Length, at.Length)].CopyTo(at);

    private static int Cut(Span<byte> room, int size, int at, int count)
    {
        room[(at + count)..size].CopyTo(room[at..]);
        return size - count;
    }

    private static int Insert(Span<byte> room, int size, int at, ReadOnlySpan<byte> part)
    {
        // A part of the input itself moves away under the copy, so it is set aside first.
        Span<byte> aside = stackalloc byte[64];
        part = part[..Math.Min(Math.Min(part.Length, aside.Length), room.Length - size)];
        part.CopyTo(aside);
        room[at..size].CopyTo(room[(at + part.Length)..]);
        aside[..part.Length].CopyTo(room[at..]);
        return size + part.Length;
    }
}
