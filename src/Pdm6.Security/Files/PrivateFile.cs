using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Pdm6.Security.Native;

namespace Pdm6.Security.Files;

/// <summary>Reads files that hold secrets: regular files of this user or of root, without any permission for group and
/// others. Symbolic links are followed; what is checked is what was opened.</summary>
public static class PrivateFile
{
    private const uint Root = 0;
    private const UnixFileMode NotOwner =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the file into <paramref name="content"/> until either ends, and returns how many octets that
    /// were. Give room for one octet more than a good file has, so that a longer one shows.</summary>
    /// <param name="kind">What the file is, as the beginning of a sentence: "Key file".</param>
    /// <param name="path">Where it is.</param>
    /// <param name="content">Receives the octets. The caller zeroes it.</param>
    /// <exception cref="KeyFileException">It is missing, unreadable, another user's, or open to others. The message is
    /// one line that says what to do.</exception>
    public static int Read(string kind, string path, Span<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using SafeFileHandle handle = KeyFileHandle.Open(path, out int error);
        if (handle.IsInvalid)
            throw new KeyFileException(error switch
            {
                KeyFileHandle.NoEntry => $"{kind} '{path}' does not exist: copy it here or create one.",
                KeyFileHandle.AccessDenied => $"{kind} '{path}' may not be read: run as its owner.",
                _ => $"{kind} '{path}' cannot be opened ({Marshal.GetPInvokeErrorMessage(error)}): check the path.",
            });
        RequirePrivate(kind, path, handle);
        int length = 0;
        try
        {
            while (length < content.Length)
            {
                int read = RandomAccess.Read(handle, content[length..], length);
                if (read == 0)
                    break;
                length += read;
            }
        }
        catch (IOException cause)
        {
            CryptographicOperations.ZeroMemory(content);
            throw new KeyFileException($"{kind} '{path}' cannot be read ({cause.Message}): check the disk.", cause);
        }
        return length;
    }

    private static void RequirePrivate(string kind, string path, SafeFileHandle handle)
    {
        if (!KeyFileHandle.IsRegularFile(handle, out UnixFileMode mode, out uint owner))
            throw new KeyFileException($"{kind} '{path}' is not a regular file: name the file that holds the key.");
        uint user = KeyFileHandle.EffectiveUser();
        if (owner != user && owner != Root)
            throw new KeyFileException($"{kind} '{path}' belongs to another user ({owner}): run chown {user} '{path}'.");
        if ((mode & NotOwner) != 0)
            throw new KeyFileException($"{kind} '{path}' is open to others than its owner: run chmod 600 '{path}'.");
    }
}
