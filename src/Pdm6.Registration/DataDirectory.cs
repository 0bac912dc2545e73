using System.Security.Cryptography;
using System.Text;
using Pdm6.Security;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

namespace Pdm6.Registration;

/// <summary>The files that a registrar keeps: its store and, unless the operator has one of his own, its authority.</summary>
internal static class DataDirectory
{
    private const int LargestPem = 64 << 10;
    private static readonly TimeSpan _backdated = TimeSpan.FromDays(1);

    /// <summary>The SQLite file.</summary>
    public static string StorePath(string directory) => Path.Combine(directory, "registrar.db");

    /// <summary>Makes the directory if it is not there, and the authority too; opens the authority.</summary>
    /// <exception cref="RegistrarException">Something is missing, damaged or open to others; the line says what to do.</exception>
    public static CertificateAuthority OpenAuthority(RegistrarOptions options)
    {
        try
        {
            PrivateDirectory.Create(options.Data);
            string certificate = options.AuthorityCertificate ?? Path.Combine(options.Data, "authority.crt");
            string key = options.AuthorityKey ?? Path.Combine(options.Data, "authority.key");
            if (options.AuthorityCertificate is null)
                MakeIfMissing(options, certificate, key);
            return Load(certificate, key);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or KeyFileException)
        {
            throw new RegistrarException(error.Message, error);
        }
    }

    // The certificate is written last: without it the authority has issued nothing, and a key beside it is what a process
    // that was killed left.
    private static void MakeIfMissing(RegistrarOptions options, string certificate, string key)
    {
        if (File.Exists(certificate))
            return;
        using IDisposable held = PrivateDirectory.Lock(options.Data);
        if (File.Exists(certificate))
            return;
        using CertificateAuthority authority = CertificateAuthority.Create("pdm6-registrar", options.Time.GetUtcNow() - _backdated);
        byte[] pem = authority.KeyToPem();
        AtomicFile.Write(key, pem, overwrite: true);
        CryptographicOperations.ZeroMemory(pem);
        AtomicFile.Write(certificate, Encoding.ASCII.GetBytes(authority.CertificateToPem() + "\n"), overwrite: false);
    }

    private static CertificateAuthority Load(string certificate, string key)
    {
        byte[] octets = new byte[LargestPem];
        char[] pem = [];
        try
        {
            int length = PrivateFile.Read("The authority's key", key, octets);
            pem = Encoding.ASCII.GetChars(octets, 0, length);
            return CertificateAuthority.FromPem(File.ReadAllText(certificate), pem);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
            Array.Clear(pem);
        }
    }
}
