using System.Security.Cryptography;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>From a secret to what the kernel programs want for one pair in one epoch. All steps between are zeroed; the
/// caller zeroes the result.</summary>
internal static class PairKeys
{
    /// <summary>Writes packed key material.</summary>
    /// <param name="pairSecret">The pair's, in the context.</param>
    /// <param name="suite">AES-256-GCM: the only one that the kernel programs have.</param>
    /// <param name="epoch">12 bits.</param>
    /// <param name="packed"><see cref="KernelDatapath.PackedKeySize"/> octets.</param>
    internal static void Pack(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, Span<byte> packed)
    {
        RequireSuite(suite);
        Span<byte> key = stackalloc byte[Suites.LongestKeySize];
        Span<byte> baseNonce = stackalloc byte[Nonce.Size];
        try
        {
            KeyDerivation.SessionKey(pairSecret, suite, epoch, key, baseNonce);
            Pack(key, baseNonce, packed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(baseNonce);
        }
    }

    /// <summary>The same for the key of udp-frames.</summary>
    internal static void PackForFrames(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, Span<byte> packed)
    {
        RequireSuite(suite);
        Span<byte> key = stackalloc byte[KeyDerivation.FrameKeySize];
        try
        {
            KeyDerivation.FrameKey(pairSecret, suite, epoch, key);
            Pack(key, baseNonce: [], packed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void RequireSuite(Suite suite)
    {
        if (suite != Suite.Aes256Gcm)
            throw new ArgumentException($"The kernel programs do not have {suite}.", nameof(suite));
    }

    // Without a base nonce: a key of udp-frames.
    private static void Pack(ReadOnlySpan<byte> key, ReadOnlySpan<byte> baseNonce, Span<byte> packed)
    {
        Span<byte> h = stackalloc byte[GhashKey.ElementSize];
        Span<uint> words = stackalloc uint[AesKeySchedule.WordCount(Suites.LongestKeySize)];
        try
        {
            AesKeySchedule.Expand(key, words);
            GhashKey.Powers(key, h);
            if (baseNonce.IsEmpty)
                KernelKey.PackForFrames(words, h, packed);
            else
                KernelKey.Pack(words, h, baseNonce, packed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(h);
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words));
        }
    }

    /// <summary>Makes the keystream of one flow in one epoch; the caller disposes it.</summary>
    internal static PreparedNumbers Prepare(
        ReadOnlySpan<byte> baseSecret, Announcement announcement, in FlowKey flow, ushort epoch, PacketCarriage carriage)
    {
        Span<byte> key = stackalloc byte[Suites.LongestKeySize];
        Span<byte> baseNonce = stackalloc byte[Nonce.Size];
        try
        {
            Derive(baseSecret, announcement.Suite, new AddressPair(flow.Source, flow.Destination), epoch, key, baseNonce);
            return carriage == PacketCarriage.UdpOption
                ? PreparedNumbers.ForUdpOptions(key, baseNonce, flow, epoch, announcement.ExId)
                : new PreparedNumbers(key, baseNonce, flow, epoch, announcement.OptionType);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(baseNonce);
        }
    }

    private static void Derive(
        ReadOnlySpan<byte> baseSecret, Suite suite, AddressPair pair, ushort epoch, Span<byte> key, Span<byte> baseNonce)
    {
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        try
        {
            KeyDerivation.PairSecret(baseSecret, pair.Source, pair.Destination, pairSecret);
            KeyDerivation.SessionKey(pairSecret, suite, epoch, key, baseNonce);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
        }
    }
}
