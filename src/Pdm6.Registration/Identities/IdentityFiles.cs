using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pdm6.Security;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Identities;

/// <summary>
/// The files of an identity directory. Each appears whole or not at all and is durable when its method returns;
/// <c>identity.crt</c> comes last, so that where it is everything is.
/// </summary>
/// <param name="path">The directory.</param>
internal sealed class IdentityFiles(string path)
{
    private const string KeyName = "identity.key";
    private const string CertificateName = "identity.crt";
    private const string AuthorityName = "authority.crt";
    private const string EnrollmentName = "enrollment.json";
    private const string KeyRingName = "keys.json";
    private const int LargestFile = 64 << 10;

    public string Path => path;

    public bool HasCertificate => File.Exists(In(CertificateName));

    public bool HasIdentityKey => File.Exists(In(KeyName));

    public bool HasKeyRing => File.Exists(In(KeyRingName));

    /// <summary>When the key ring last changed.</summary>
    public DateTime KeyRingWrittenAt => File.GetLastWriteTimeUtc(In(KeyRingName));

    /// <summary>Keeps other processes from changing anything here.</summary>
    public IDisposable Lock() => PrivateDirectory.Lock(path);

    /// <summary>Removes what a killed process left. Only under the lock: it might be somebody's work.</summary>
    public void RemoveUnfinished()
    {
        foreach (string file in Directory.EnumerateFiles(path, "*" + AtomicFile.UnfinishedSuffix))
            File.Delete(file);
    }

    public IdentityKey ReadIdentityKey()
    {
        byte[] pem = GC.AllocateArray<byte>(LargestFile, pinned: true);
        try
        {
            int size = PrivateFile.Read("Identity key", In(KeyName), pem);
            return IdentityKey.FromPem(pem.AsSpan(0, size));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    public void WriteIdentityKey(IdentityKey key)
    {
        byte[] pem = key.ToPem();
        try
        {
            AtomicFile.Write(In(KeyName), pem, overwrite: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    public EnrollmentRecord? ReadEnrollment() => ReadJson(EnrollmentName, IdentityJson.Default.EnrollmentRecord) switch
    {
        null => null,
        { FormatVersion: EnrollmentRecord.CurrentFormatVersion } record => record,
        _ => throw Broken(EnrollmentName, "it is of a newer version"),
    };

    public void WriteEnrollment(EnrollmentRecord record) =>
        WriteJson(EnrollmentName, record, IdentityJson.Default.EnrollmentRecord);

    public KeyRingRecord ReadKeyRing() => ReadJson(KeyRingName, IdentityJson.Default.KeyRingRecord) switch
    {
        null => throw Broken(KeyRingName, "it is missing"),
        { FormatVersion: KeyRingRecord.CurrentFormatVersion } record => record,
        _ => throw Broken(KeyRingName, "it is of a newer version"),
    };

    public void WriteKeyRing(KeyRingRecord record) => WriteJson(KeyRingName, record, IdentityJson.Default.KeyRingRecord);

    public ParticipantCertificate ReadCertificate() =>
        ParticipantCertificate.TryParse(ReadDer(CertificateName), out ParticipantCertificate? certificate, out string? error)
            ? certificate
            : throw Broken(CertificateName, error);

    public void WriteCertificate(ReadOnlySpan<byte> der) => WriteDer(CertificateName, der);

    public AuthorityCertificate ReadAuthority() =>
        AuthorityCertificate.TryParse(ReadDer(AuthorityName), out AuthorityCertificate? authority, out string? error)
            ? authority
            : throw Broken(AuthorityName, error);

    public void WriteAuthority(ReadOnlySpan<byte> der) => WriteDer(AuthorityName, der);

    /// <summary>Identifiers of the HPKE keys whose files are here.</summary>
    public IEnumerable<string> HpkeKeyIds() => Directory.EnumerateFiles(path, HpkeName("*"))
        .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)["hpke-".Length..])
        .Order(StringComparer.Ordinal);

    public HpkePrivateKey ReadHpkeKey(string keyId)
    {
        IReadOnlyList<HpkePrivateKey> keys = HpkeKeyFile.Load(In(HpkeName(keyId)));
        if (keys is [var key] && key.PublicKey.KeyId.ToString() == keyId)
            return key;
        foreach (HpkePrivateKey other in keys)
            other.Dispose();
        throw Broken(HpkeName(keyId), "the key inside is not the one of its name");
    }

    public void WriteHpkeKey(HpkePrivateKey key) =>
        HpkeKeyFile.Write(In(HpkeName(key.PublicKey.KeyId.ToString())), [key], overwrite: false);

    public void RemoveHpkeKey(string keyId) => File.Delete(In(HpkeName(keyId)));

    private static string HpkeName(string keyId) => $"hpke-{keyId}.key";

    private string In(string name) => System.IO.Path.Combine(path, name);

    private T? ReadJson<T>(string name, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(ReadAll(name), type) ?? throw new JsonException("null");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw Broken(name, error.Message);
        }
    }

    private void WriteJson<T>(string name, T value, JsonTypeInfo<T> type) =>
        AtomicFile.Write(In(name), [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'], overwrite: true);

    private byte[] ReadDer(string name)
    {
        try
        {
            string pem = Encoding.UTF8.GetString(ReadAll(name));
            return PemEncoding.TryFind(pem, out PemFields fields) && pem[fields.Label] == "CERTIFICATE"
                ? Convert.FromBase64String(pem[fields.Base64Data])
                : throw Broken(name, "it is no certificate in PEM");
        }
        catch (FileNotFoundException)
        {
            throw Broken(name, "it is missing");
        }
    }

    private void WriteDer(string name, ReadOnlySpan<byte> der) =>
        AtomicFile.Write(In(name), [.. PemEncoding.WriteUtf8("CERTIFICATE"u8, der), (byte)'\n'], overwrite: true);

    private byte[] ReadAll(string name)
    {
        try
        {
            return new FileInfo(In(name)).Length <= LargestFile
                ? File.ReadAllBytes(In(name))
                : throw Broken(name, "it is too long");
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException and not FileNotFoundException)
        {
            throw new IdentityException($"'{In(name)}' cannot be read ({cause.Message}): run as the owner of the directory.", cause);
        }
    }

    private IdentityException Broken(string name, string why) => new(
        $"'{In(name)}' cannot be used ({why}): restore the directory from a backup, or remove it and run 'pdm6 enroll' again.");
}
