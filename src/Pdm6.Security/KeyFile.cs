using System.Buffers;
using System.Security.Cryptography;
using Pdm6.Security.Files;

namespace Pdm6.Security;

/// <summary>
/// A static key shared by the agents and collectors of a laboratory (protocol reference, section 6): 64 hexadecimal
/// digits, readable by its owner only, who is the user of the process or root. The secret lives outside the reach of
/// the garbage collector's copying and is zeroed on <see cref="Dispose"/>.
/// </summary>
public sealed class KeyFile : IDisposable
{
    private const int DigitCount = 2 * KeyDerivation.SecretSize;

    private readonly byte[] _secret;
    private bool _disposed;

    private KeyFile(byte[] secret) => _secret = secret;

    /// <summary>The 32 octets of the file.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public ReadOnlySpan<byte> Secret
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _secret;
        }
    }

    /// <summary>Reads a key file: 64 hexadecimal digits and at most one newline, in a regular file of this
    /// user or of root, without any permission for group and others. Symbolic links are followed.</summary>
    /// <exception cref="KeyFileException">It is missing, unreadable, another user's, open to others, or not such a file. The message is
    /// one line that says what to do.</exception>
    public static KeyFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // One octet more than a good file has, so that a longer one shows.
        Span<byte> text = stackalloc byte[DigitCount + 2];
        byte[] secret = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);
        bool isKey = false;
        try
        {
            int length = PrivateFile.Read("Key file", path, text);
            if (length == DigitCount + 1 && text[DigitCount] == (byte)'\n')
                length--;
            isKey = length == DigitCount
                && Convert.FromHexString(text[..DigitCount], secret, out _, out _) == OperationStatus.Done;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            if (!isKey)
                CryptographicOperations.ZeroMemory(secret);
        }
        return isKey
            ? new KeyFile(secret)
            : throw new KeyFileException(
                $"Key file '{path}' is not {DigitCount} hexadecimal digits and a newline: copy it again or create one.");
    }

    /// <summary>A secret that is in no file: test vectors state theirs.</summary>
    internal static KeyFile OfKnownSecret(ReadOnlySpan<byte> secret)
    {
        byte[] copy = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);
        secret.CopyTo(copy);
        return new KeyFile(copy);
    }

    /// <summary>Writes a fresh random key, mode 0600. An existing file is never touched.</summary>
    /// <exception cref="KeyFileException">The file exists or cannot be written. The message is one line that says what
    /// to do.</exception>
    public static void Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = CreateNew(path);
        Span<byte> secret = stackalloc byte[KeyDerivation.SecretSize];
        Span<byte> text = stackalloc byte[DigitCount + 1];
        try
        {
            RandomNumberGenerator.Fill(secret);
            Convert.TryToHexStringLower(secret, text, out _);
            text[DigitCount] = (byte)'\n';
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        catch (IOException cause)
        {
            File.Delete(path);
            throw new KeyFileException($"Key file '{path}' cannot be written ({cause.Message}): check the disk.", cause);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Zeroes the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    private static FileStream CreateNew(string path)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        };
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException(
                Path.Exists(path)
                    ? $"Key file '{path}' exists and is kept: use it, or remove it first."
                    : $"Key file '{path}' cannot be created ({cause.Message}): check the directory.",
                cause);
        }
    }
}
