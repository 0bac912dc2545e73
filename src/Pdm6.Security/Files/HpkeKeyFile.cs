using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pdm6.Security.Files;

/// <summary>
/// HPKE private keys in a file for their owner only: one PEM block (RFC 7468) each, labelled
/// "PDM6 HPKE PRIVATE KEY", holding the KEM's number u16 || the private key's octets (RFC 9180 section 7.1.2).
/// </summary>
public static class HpkeKeyFile
{
    /// <summary>The longest file that is read, octets: hundreds of keys.</summary>
    public const int LargestSize = 64 << 10;

    private const string Label = "PDM6 HPKE PRIVATE KEY";
    private const string Kind = "HPKE key file";
    private const int KemSize = sizeof(ushort);

    /// <summary>Writes keys to a file, whole or not at all, mode 0600.</summary>
    /// <param name="path">Where.</param>
    /// <param name="keys">At least one.</param>
    /// <param name="overwrite">Replace what is there.</param>
    /// <exception cref="IOException">It is there already, or it cannot be written. The message says what to
    /// do.</exception>
    public static void Write(string path, IReadOnlyList<HpkePrivateKey> keys, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count, nameof(keys));
        using AtomicFile file = new(path, overwrite);
        foreach (HpkePrivateKey key in keys)
        {
            byte[] octets = GC.AllocateArray<byte>(KemSize + key.Size, pinned: true);
            byte[] pem = [];
            try
            {
                BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)key.Kem);
                key.Export(octets.AsSpan(KemSize));
                pem = PemEncoding.WriteUtf8(Encoding.ASCII.GetBytes(Label), octets);
                file.Stream.Write(pem);
                file.Stream.Write("\n"u8);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(octets);
                CryptographicOperations.ZeroMemory(pem);
            }
        }
        file.Commit();
    }

    /// <summary>Reads every key of a file. The caller disposes of them.</summary>
    /// <exception cref="KeyFileException">It is missing, unreadable, another user's, open to others, or holds something
    /// else. The message is one line that says what to do.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks the mechanism of a key; the message says
    /// why.</exception>
    public static IReadOnlyList<HpkePrivateKey> Load(string path)
    {
        byte[] text = GC.AllocateArray<byte>(LargestSize + 1, pinned: true);
        List<HpkePrivateKey> keys = [];
        try
        {
            int size = PrivateFile.Read(Kind, path, text);
            if (size > LargestSize || !TryReadAll(text.AsSpan(0, size), keys))
                throw new KeyFileException(
                    $"{Kind} '{path}' is not one or more blocks '-----BEGIN {Label}-----': restore it, or make a new key with 'pdm6 keys rotate'.");
            return keys;
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static bool TryReadAll(ReadOnlySpan<byte> text, List<HpkePrivateKey> keys)
    {
        while (PemEncoding.TryFindUtf8(text, out PemFields fields))
        {
            if (!text[fields.Label].SequenceEqual(Encoding.ASCII.GetBytes(Label)) || !TryRead(text[fields.Base64Data], out HpkePrivateKey? key))
                return false;
            keys.Add(key!);
            text = text[fields.Location.End.GetOffset(text.Length)..];
        }
        return keys.Count > 0 && text.Trim(" \t\r\n"u8).IsEmpty;
    }

    private static bool TryRead(ReadOnlySpan<byte> base64, out HpkePrivateKey? key)
    {
        key = null;
        byte[] octets = GC.AllocateArray<byte>(Base64.GetMaxDecodedFromUtf8Length(base64.Length), pinned: true);
        try
        {
            // It skips the line breaks.
            if (Base64.DecodeFromUtf8(base64, octets, out _, out int size) != System.Buffers.OperationStatus.Done || size <= KemSize)
                return false;
            key = HpkePrivateKey.Import((HpkeKem)BinaryPrimitives.ReadUInt16BigEndian(octets), octets.AsSpan(KemSize, size - KemSize));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
