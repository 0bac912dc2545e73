using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Security.Files;

namespace Pdm6.Registration.Radius;

/// <summary>
/// Octets that this registrar and a RADIUS server know, and nobody else: the shared secret, or a password. Kept where the
/// garbage collector does not copy it, and zeroed by <see cref="Dispose"/>.
/// </summary>
public sealed class RadiusSecret : IDisposable
{
    /// <summary>Octets of the shortest shared secret that is taken: RFC 2865 section 3 asks for 16.</summary>
    public const int SmallestSize = 16;
    /// <summary>Octets of the longest.</summary>
    public const int LargestSize = 128;

    private readonly byte[] _octets;

    private RadiusSecret(ReadOnlySpan<byte> octets)
    {
        _octets = GC.AllocateArray<byte>(octets.Length, pinned: true);
        octets.CopyTo(_octets);
    }

    /// <summary>The octets.</summary>
    internal ReadOnlySpan<byte> Octets => _octets;

    /// <summary>Reads a shared secret: the text of a file that only its owner may read, without the newline at its end.</summary>
    /// <exception cref="KeyFileException">The file is missing, unreadable or open to others, or its secret is shorter
    /// than <see cref="SmallestSize"/> or longer than <see cref="LargestSize"/> octets.</exception>
    public static RadiusSecret LoadShared(string path) => Load("RADIUS secret", path, SmallestSize);

    /// <summary>Reads a password, likewise; of any length up to <see cref="LargestSize"/> octets.</summary>
    /// <exception cref="KeyFileException">The file is missing, unreadable, open to others, empty, or too long.</exception>
    public static RadiusSecret LoadPassword(string path) => Load("RADIUS password", path, 1);

    /// <summary>Octets that are in no file.</summary>
    internal static RadiusSecret Of(ReadOnlySpan<byte> octets) => new(octets);

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_octets);

    private static RadiusSecret Load(string kind, string path, int smallest)
    {
        // A newline at the end, and one octet more, so that a longer one shows.
        Span<byte> room = stackalloc byte[LargestSize + 2];
        try
        {
            int size = PrivateFile.Read(kind, path, room);
            if (size > 0 && room[size - 1] == (byte)'\n')
                size--;
            return size >= smallest && size <= LargestSize
                ? new RadiusSecret(room[..size])
                : throw new KeyFileException(
                    $"{kind} '{path}' must have {smallest} to {LargestSize} octets: give it, and the RADIUS server, one of that size.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }
}
