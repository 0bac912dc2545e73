using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// The AEAD nonce of one option (protocol reference, section 6): the session's base nonce XOR
/// <code>protocol u8 || carriage u8 || source port u16 || destination port u16 || epoch u16 || PSNTP u32</code>
/// Injective for one key: whatever differs between two options under one key differs here.
/// </summary>
public static class Nonce
{
    /// <summary>Octets of a nonce and of a base nonce.</summary>
    public const int Size = Aead.NonceSize;

    /// <summary>Writes the nonce of an option.</summary>
    /// <param name="baseNonce">12 octets from <see cref="KeyDerivation.SessionKey"/>.</param>
    /// <param name="flow">The flow; its addresses are in the key already.</param>
    /// <param name="carriage">Where the option rides.</param>
    /// <param name="epoch">The epoch as on the wire, 12 bits.</param>
    /// <param name="psntp">Packet Sequence Number This Packet.</param>
    /// <param name="nonce">Receives 12 octets.</param>
    /// <exception cref="ArgumentException">A span has another length, or the epoch more than 12 bits.</exception>
    public static void Build(
        ReadOnlySpan<byte> baseNonce, in FlowKey flow, Carriage carriage, ushort epoch, uint psntp, Span<byte> nonce)
    {
        EpochTimetable.ThrowIfNotEpoch(epoch);
        if (baseNonce.Length != Size)
            throw new ArgumentException($"A base nonce has {Size} octets.", nameof(baseNonce));
        if (nonce.Length != Size)
            throw new ArgumentException($"A nonce has {Size} octets.", nameof(nonce));
        BuildChecked(baseNonce, flow, carriage, epoch, psntp, nonce);
    }

    /// <summary>As <see cref="Build"/>, for callers whose spans and epoch are known to be right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void BuildChecked(
        ReadOnlySpan<byte> baseNonce, in FlowKey flow, Carriage carriage, ushort epoch, uint psntp, Span<byte> nonce)
    {
        ulong front = (ulong)flow.Protocol << 56 | (ulong)carriage << 48
            | (ulong)flow.SourcePort << 32 | (ulong)flow.DestinationPort << 16 | epoch;
        ulong baseFront = BinaryPrimitives.ReadUInt64BigEndian(baseNonce);
        uint baseBack = BinaryPrimitives.ReadUInt32BigEndian(baseNonce[8..]);
        BinaryPrimitives.WriteUInt64BigEndian(nonce, baseFront ^ front);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], baseBack ^ psntp);
    }
}
