using System.Security.Cryptography;
using Pdm6.Security;

namespace Pdm6.Probe.Stamp;

/// <summary>
/// Unauthenticated or authenticated STAMP. The latter's HMAC is HMAC-SHA-256 over what precedes it, truncated to 16
/// octets (RFC 8762 section 4.4).
/// </summary>
internal sealed class StampMode : IDisposable
{
    private const int HmacSize = 16;
    private readonly byte[]? _key;

    private StampMode(byte[]? key, StampFields fields) => (_key, Fields) = (key, fields);

    internal StampFields Fields { get; }

    internal static StampMode Unauthenticated() => new(null, StampFields.Unauthenticated);

    internal static StampMode Authenticated(KeyFile key)
    {
        byte[] copy = GC.AllocateArray<byte>(key.Secret.Length, pinned: true);
        key.Secret.CopyTo(copy);
        return new StampMode(copy, StampFields.Authenticated);
    }

    /// <summary>Writes the HMAC of a packet whose other fields stand.</summary>
    internal void Sign(Span<byte> packet)
    {
        if (_key is null)
            return;
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, packet[..(Fields.Size - HmacSize)], whole);
        whole[..HmacSize].CopyTo(packet[(Fields.Size - HmacSize)..]);
    }

    /// <summary>True if the packet is long enough and its HMAC, if there is to be one, is right.</summary>
    internal bool IsGenuine(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Fields.Size)
            return false;
        if (_key is null)
            return true;
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, packet[..(Fields.Size - HmacSize)], whole);
        return CryptographicOperations.FixedTimeEquals(whole[..HmacSize], packet.Slice(Fields.Size - HmacSize, HmacSize));
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
