using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pdm6.Security.Frames;

/// <summary>
/// The derived frame keys that a sealer of this process has, or had. Their nonces count from 1, so a second sealer would
/// repeat the first one's. Remembered as 16 octets each for the life of the process: one for each pair and epoch.
/// </summary>
internal static class SealingKeysTaken
{
    private static readonly Lock s_turn = new();
    private static readonly HashSet<UInt128> s_taken = [];

    /// <summary>True for the first who asks for this key.</summary>
    public static bool TryTake(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch)
    {
        Span<byte> key = stackalloc byte[KeyDerivation.FrameKeySize];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        try
        {
            KeyDerivation.FrameKey(pairSecret, suite, epoch, key);
            SHA256.HashData(key, hash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
        lock (s_turn)
            return s_taken.Add(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }
}
