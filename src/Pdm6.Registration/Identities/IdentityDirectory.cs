using System.Security.Cryptography.X509Certificates;
using Pdm6.Registration.Client;
using Pdm6.Security;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Identities;

/// <summary>
/// Who this host is to others: its keys, its certificate, and the authority that it believes, in a directory of mode
/// 0700 that 'pdm6 enroll' made. <see cref="Certificate"/> changes when it is renewed, <see cref="HpkeKeys"/> when
/// another process rotates them (<see cref="Refresh"/>). Safe for use by several threads.
/// </summary>
public sealed class IdentityDirectory : IDisposable
{
    /// <summary>Where it is unless told otherwise.</summary>
    public const string DefaultPath = "/var/lib/pdm6/identity";

    /// <summary>How long an endpoint keeps an HPKE key that it has replaced: a context lasts 24 hours at most (protocol
    /// reference, section 6), and a sender hears of the new key at his next grant. Analyzers keep theirs, because
    /// captures are opened later.</summary>
    public const int EndpointsKeepRetiredHours = 48;

    private readonly IdentityFiles _files;
    private readonly EnrollmentRecord _enrollment;
    private readonly Lock _changing = new();
    private readonly List<IDisposable> _owned = [];
    private volatile CertificateWithKey _certificate;
    private volatile IReadOnlyList<HpkePrivateKey> _hpkeKeys = [];
    private DateTime _keysReadAt;

    private IdentityDirectory(IdentityFiles files)
    {
        _files = files;
        _enrollment = files.ReadEnrollment()
            ?? throw new IdentityException($"'{files.Path}' has a certificate but no enrollment.json: restore it from a backup, or remove the directory and run 'pdm6 enroll' again.");
        Authority = files.ReadAuthority();
        using IdentityKey identity = files.ReadIdentityKey();
        ParticipantCertificate certificate = files.ReadCertificate();
        if (certificate.IdentityFingerprint != identity.Fingerprint || !certificate.IsIssuedBy(Authority))
            throw new IdentityException(
                $"The files in '{files.Path}' do not belong together: restore the directory from a backup, or remove it and run 'pdm6 enroll' again.");
        _certificate = Own(certificate, identity);
        Refresh();
    }

    /// <summary>The directory.</summary>
    public string Path => _files.Path;

    /// <summary>The registrar's address.</summary>
    public Uri Registrar => _enrollment.Registrar;

    /// <summary>This participant's name.</summary>
    public string Name => Certificate.Name;

    /// <summary>What it may do.</summary>
    public Role Role => Certificate.Role;

    /// <summary>The authority that everybody's certificate must come from.</summary>
    public AuthorityCertificate Authority { get; }

    /// <summary>The newest certificate.</summary>
    public ParticipantCertificate Certificate => _certificate.Certificate;

    /// <summary>The newest certificate with its key, for TLS. Lives as long as this directory; do not dispose of it.</summary>
    public X509Certificate2 TlsCertificate => _certificate.Tls;

    /// <summary>The HPKE keys: first the one that others are told to seal to, then former ones. They live as long as this
    /// directory.</summary>
    public IReadOnlyList<HpkePrivateKey> HpkeKeys => _hpkeKeys;

    /// <summary>True if an enrolment was finished here.</summary>
    public static bool IsEnrolled(string path) => new IdentityFiles(path).HasCertificate;

    /// <summary>Reads a directory.</summary>
    /// <exception cref="IdentityException">Nobody is enrolled here, or the directory cannot be used. The message says
    /// what to do.</exception>
    /// <exception cref="KeyFileException">A key cannot be used. The message says what to do.</exception>
    public static IdentityDirectory Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsEnrolled(path))
            throw new IdentityException(Directory.Exists(path) && new IdentityFiles(path).HasIdentityKey
                ? $"The enrolment in '{path}' is not finished: run 'pdm6 enroll' again as before."
                : $"Nobody is enrolled in '{path}': run 'pdm6 enroll URL --token-file FILE --identity {path}', or name another directory.");
        try
        {
            PrivateDirectory.RequireClosed(path);
        }
        catch (IOException open)
        {
            throw new IdentityException(open.Message, open);
        }
        return new IdentityDirectory(new IdentityFiles(path));
    }

    /// <summary>The identity key, a copy for the caller, who disposes of it: it is not for several threads.</summary>
    public IdentityKey OpenIdentityKey() => _files.ReadIdentityKey();

    /// <summary>A client of this directory's registrar, which shows the newest certificate. The caller disposes of it
    /// before this directory.</summary>
    /// <param name="time">Tells which certificates are valid.</param>
    /// <param name="registrar">Where it is now, if not where it was at enrolment.</param>
    public RegistrarClient ConnectRegistrar(TimeProvider time, Uri? registrar = null) =>
        new(registrar ?? Registrar, Authority, () => TlsCertificate, time);

    /// <summary>Looks whether another process rotated the HPKE keys, and takes them in.</summary>
    /// <returns>True if something changed.</returns>
    /// <exception cref="IdentityException">The directory cannot be used any more. The message says what to do.</exception>
    public bool Refresh()
    {
        lock (_changing)
        {
            DateTime writtenAt = _files.KeyRingWrittenAt;
            if (writtenAt == _keysReadAt)
                return false;
            string current = _files.ReadKeyRing().Current;
            IReadOnlyList<HpkePrivateKey> before = _hpkeKeys;
            Dictionary<string, HpkePrivateKey> known = before.ToDictionary(key => key.PublicKey.KeyId.ToString());
            // A file that the key ring does not name was made by somebody who did not get further: it opens, at worst, nothing.
            HpkePrivateKey[] keys =
            [
                .. _files.HpkeKeyIds().OrderByDescending(keyId => keyId == current)
                    .Select(keyId => known.TryGetValue(keyId, out HpkePrivateKey? key) ? key : Own(_files.ReadHpkeKey(keyId))),
            ];
            if (keys is [] || keys[0].PublicKey.KeyId.ToString() != current)
                throw new IdentityException($"The HPKE key {current} is missing in '{Path}': restore it, or run 'pdm6 keys rotate'.");
            (_hpkeKeys, _keysReadAt) = (keys, writtenAt);
            return !keys.SequenceEqual(before);
        }
    }

    /// <summary>Makes a new HPKE key the one that others are told to seal to. The old one is kept, to open what was sealed
    /// to it. A <see cref="ParticipantSession"/> publishes the new one, also that of another process.</summary>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The directory cannot be written to. The message says what to do.</exception>
    public void RotateHpkeKey(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Change(files => new KeyRing(files).Rotate((ulong)time.UnixNs()));
        Refresh();
    }

    /// <summary>What there is to say of <see cref="HpkeKeys"/>, in the same order.</summary>
    public IReadOnlyList<HpkeKeyState> DescribeHpkeKeys()
    {
        KeyRingRecord ring = KeyRing;
        Dictionary<string, ulong> retired = ring.Retired.ToDictionary(key => key.KeyId, key => key.RetiredAtUnixNs);
        return
        [
            .. HpkeKeys.Select(key => new HpkeKeyState(
                key.PublicKey.KeyId, key.Kem,
                ring.Published == key.PublicKey.KeyId.ToString() ? UnixTime.FromUnixNs((long)ring.PublishedAtUnixNs) : null,
                retired.TryGetValue(key.PublicKey.KeyId.ToString(), out ulong at) ? UnixTime.FromUnixNs((long)at) : null)),
        ];
    }

    /// <summary>What others know of the HPKE keys, as it is on the disk.</summary>
    internal KeyRingRecord KeyRing => _files.ReadKeyRing();

    /// <summary>Changes what is in the directory, alone.</summary>
    internal T Change<T>(Func<IdentityFiles, T> change)
    {
        using IDisposable alone = _files.Lock();
        return change(_files);
    }

    /// <summary>Puts a renewed certificate in place of the old one, durably.</summary>
    /// <param name="renewed">Of the same key, by the same authority.</param>
    internal void Replace(ParticipantCertificate renewed)
    {
        using IDisposable alone = _files.Lock();
        lock (_changing)
        {
            _files.WriteCertificate(renewed.Der.Span);
            using IdentityKey identity = _files.ReadIdentityKey();
            _certificate = Own(renewed, identity);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private CertificateWithKey Own(ParticipantCertificate certificate, IdentityKey identity) =>
        new(certificate, Own(identity.ForTls(certificate.Der.Span)));

    // Those that were replaced may still be in use: they go with the directory.
    private T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private sealed record CertificateWithKey(ParticipantCertificate Certificate, X509Certificate2 Tls);
}
