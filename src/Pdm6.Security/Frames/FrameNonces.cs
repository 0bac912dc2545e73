using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pdm6.Security.Frames;

/// <summary>
/// The nonces of one sender of udp-frames, each given out once (protocol reference, section 6). The only state is how
/// many are left, which only ever falls, by one for each nonce: no number comes twice, from however many threads, and
/// behind the last there is none.
/// </summary>
internal sealed class FrameNonces
{
    private const ulong NumbersOf32Bits = 1UL << 32;

    private readonly ulong? _sender;
    private readonly ulong _last;
    private ulong _left;

    private FrameNonces(ulong? sender, ulong last, ulong left)
    {
        _sender = sender;
        _last = last;
        _left = left;
    }

    /// <summary>8 random octets, then a counter of 32 bits from 0: for a key that other processes have too.</summary>
    /// <param name="left">How many are left, at most 2^32; tests begin near the end.</param>
    public static FrameNonces OfRandomSender(ulong left = NumbersOf32Bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left, NumbersOf32Bits);
        Span<byte> sender = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(sender);
        return new FrameNonces(BinaryPrimitives.ReadUInt64BigEndian(sender), uint.MaxValue, left);
    }

    /// <summary>Four zeros, then a counter of 64 bits from 1: for a key that this sender alone seals with.</summary>
    /// <param name="left">How many are left; tests begin near the end.</param>
    public static FrameNonces OfOnlySender(ulong left = ulong.MaxValue) => new(sender: null, ulong.MaxValue, left);

    /// <summary>Writes the next nonce, 12 octets; false if there is none left.</summary>
    public bool TryTake(Span<byte> nonce)
    {
        ulong left = Volatile.Read(ref _left);
        while (true)
        {
            if (left == 0)
                return false;
            ulong seen = Interlocked.CompareExchange(ref _left, left - 1, left);
            if (seen == left)
                break;
            left = seen;
        }
        Write(nonce, _last - (left - 1));
        return true;
    }

    private void Write(Span<byte> nonce, ulong number)
    {
        if (_sender is { } sender)
        {
            BinaryPrimitives.WriteUInt64BigEndian(nonce, sender);
            BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], (uint)number);
            return;
        }
        BinaryPrimitives.WriteUInt32BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], number);
    }
}
