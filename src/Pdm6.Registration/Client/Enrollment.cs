using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>
/// Makes an identity and has it certified (protocol reference, section 7). The keys are on the disk before anybody hears
/// of them, and every request can be asked again; so whoever is killed at any point runs the same again and ends with one
/// identity and one certificate. The token leaves this host only after the server has proved to be the one that the token
/// names.
/// </summary>
public sealed class Enrollment
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private readonly EnrollmentOptions _options;
    private readonly IdentityFiles _files;
    private readonly TimeProvider _time;
    private readonly Action<string> _progress;
    private readonly Action _afterStep;

    /// <param name="options">Who, where, with which token.</param>
    /// <param name="time">Tells which certificates are valid, and measures the pauses.</param>
    /// <param name="progress">Hears what happens, a line each, for people.</param>
    /// <exception cref="ArgumentException">The name is none, or the address does not begin with https://.</exception>
    public Enrollment(EnrollmentOptions options, TimeProvider time, Action<string> progress)
        : this(options, time, progress, () => { })
    {
    }

    /// <summary>For tests: <paramref name="afterStep"/> is called after every write and every request, where a process may
    /// die.</summary>
    internal Enrollment(EnrollmentOptions options, TimeProvider time, Action<string> progress, Action afterStep)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(progress);
        if (!ParticipantName.IsValid(options.Name, out string? error))
            throw new ArgumentException($"The name '{options.Name}' {error}", nameof(options));
        (_options, _time, _progress, _afterStep) = (options, time, progress, afterStep);
        _files = new IdentityFiles(options.Directory);
    }

    /// <summary>Enrols, and returns when it is done; waits for an operator's approval, and for a registrar that is away, as
    /// long as it takes.</summary>
    /// <param name="cancellationToken">Gives up; what was done stays, and the next run goes on there.</param>
    /// <exception cref="EnrollmentException">The registrar refuses, or is not the one of the token.</exception>
    /// <exception cref="IdentityException">The directory holds another identity, or cannot be used.</exception>
    /// <exception cref="IOException">The directory cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<IdentityDirectory> RunAsync(CancellationToken cancellationToken)
    {
        PrivateDirectory.Create(_files.Path);
        _afterStep();
        using (_files.Lock())
        {
            _files.RemoveUnfinished();
            if (!IsDone())
            {
                using IdentityKey identity = PrepareKeys();
                AuthorityCertificate authority = await PinAsync(cancellationToken).ConfigureAwait(false);
                await CertifyAsync(identity, authority, cancellationToken).ConfigureAwait(false);
            }
        }
        IdentityDirectory directory = IdentityDirectory.Load(_files.Path);
        try
        {
            await PublishAsync(directory, cancellationToken).ConfigureAwait(false);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private bool IsDone()
    {
        if (_files.ReadEnrollment() is not { } before || !_files.HasCertificate)
            return false;
        ParticipantCertificate certificate = _files.ReadCertificate();
        if (before != Wanted)
            throw new IdentityException(
                $"'{_files.Path}' is enrolled as {RoleText.Of(before.Role)} '{before.Name}' at {before.Registrar}: name another directory with --identity, or remove this one first.");
        if (certificate.NotAfter <= _time.GetUtcNow())
        {
            _progress($"the certificate ended on {Utc(certificate.NotAfter)}; asking for a new one for the same identity");
            return false;
        }
        _progress($"'{_files.Path}' is enrolled already, until {Utc(certificate.NotAfter)}");
        return true;
    }

    private EnrollmentRecord Wanted => new(
        EnrollmentRecord.CurrentFormatVersion, _options.Registrar, _options.Authority, _options.Name, _options.Role);

    private IdentityKey PrepareKeys()
    {
        IdentityKey identity;
        if (_files.HasIdentityKey)
            identity = _files.ReadIdentityKey();
        else
        {
            identity = IdentityKey.Generate();
            _files.WriteIdentityKey(identity);
            _afterStep();
        }
        new KeyRing(_files).Ensure();
        _afterStep();
        _files.WriteEnrollment(Wanted);
        _afterStep();
        _progress($"identity {identity.Fingerprint}");
        return identity;
    }

    private async Task<AuthorityCertificate> PinAsync(CancellationToken stop)
    {
        AuthorityAnswer answer = await PersistAsync(() => AuthorityQuery.AskAsync(_options.Registrar, stop), stop).ConfigureAwait(false);
        if (!AuthorityCertificate.TryParse(answer.Certificate, out AuthorityCertificate? authority, out string? error))
            throw new EnrollmentException($"{_options.Registrar} sent no certificate of an authority ({error}): check the URL.");
        if (authority.Fingerprint != _options.Authority)
            throw new EnrollmentException(
                $"{_options.Registrar} is not the registrar of this token: its authority is {authority.Fingerprint}, the token names {_options.Authority}. "
                + "Nothing was sent to it. Check the URL, or ask the operator for a token of this registrar.");
        _files.WriteAuthority(answer.Certificate);
        _afterStep();
        _progress($"registrar {_options.Registrar}, authority {authority.Fingerprint}");
        return authority;
    }

    private async Task CertifyAsync(IdentityKey identity, AuthorityCertificate authority, CancellationToken stop)
    {
        using RegistrarClient client = new(_options.Registrar, authority, () => null, _time);
        EnrollmentRequest request = new(
            _options.Token, _options.Name, RoleText.Of(_options.Role), identity.CreateRequest(_options.Name),
            _options.Prefixes is [] ? null : [.. _options.Prefixes.Select(prefix => prefix.ToString())]);
        EnrollmentAnswer answer = await PersistAsync(() => client.EnrollAsync(request, stop), stop).ConfigureAwait(false);
        ParticipantCertificate certificate = Verify(answer.Certificate, identity, authority);
        _files.WriteCertificate(certificate.Der.Span);
        _afterStep();
        _progress($"enrolled as {RoleText.Of(certificate.Role)} '{certificate.Name}'{Prefixes(certificate)}, until {Utc(certificate.NotAfter)}");
    }

    private ParticipantCertificate Verify(ReadOnlySpan<byte> der, IdentityKey identity, AuthorityCertificate authority)
    {
        if (!ParticipantCertificate.TryParse(der, out ParticipantCertificate? certificate, out string? error))
            throw new EnrollmentException($"The registrar sent no certificate ({error}): are both of the same version?");
        if (!certificate.IsIssuedBy(authority) || certificate.IdentityFingerprint != identity.Fingerprint
            || certificate.Name != _options.Name || certificate.Role != _options.Role)
            throw new EnrollmentException("The registrar sent another certificate than was asked for: tell the operator.");
        DateTimeOffset now = _time.GetUtcNow();
        return certificate.NotBefore <= now && now < certificate.NotAfter
            ? certificate
            : throw new EnrollmentException(
                $"The certificate is valid from {Utc(certificate.NotBefore)} to {Utc(certificate.NotAfter)}, and this host's clock says {Utc(now)}: "
                + "set the clocks of both hosts, and run the same again.");
    }

    private async Task PublishAsync(IdentityDirectory directory, CancellationToken stop)
    {
        KeyPublication publication = new(directory, _time);
        if (!publication.IsDue)
            return;
        using RegistrarClient client = directory.ConnectRegistrar(_time);
        await PersistAsync(() => publication.PublishAsync(client, stop), stop).ConfigureAwait(false);
        _progress($"published HPKE key {directory.HpkeKeys[0].PublicKey.KeyId}");
    }

    /// <summary>Asks until the registrar takes it or says no.</summary>
    private async Task<T> PersistAsync<T>(Func<Task<RegistrarReply<T>>> ask, CancellationToken stop) where T : class
    {
        Backoff backoff = new(s_firstPause, s_longestPause);
        string told = "";
        while (true)
        {
            RegistrarReply<T> reply = await ask().ConfigureAwait(false);
            _afterStep();
            string trouble = reply.Outcome switch
            {
                RegistrarOutcome.Accepted => "",
                RegistrarOutcome.Pending => $"waiting for an operator: 'pdm6 registrar approve {reply.Message}'",
                RegistrarOutcome.Unavailable => $"{reply.Message}; trying again",
                RegistrarOutcome.NotTheRegistrar => throw new EnrollmentException(reply.Message),
                _ => throw new EnrollmentException($"The registrar refuses: {reply.Message}"),
            };
            if (reply.IsAccepted)
                return reply.Value!;
            if (trouble != told)
                _progress(told = trouble);
            await Task.Delay(backoff.Next(reply.RetryAfter), _time, stop).ConfigureAwait(false);
        }
    }

    private static string Prefixes(ParticipantCertificate certificate) =>
        certificate.Prefixes is [] ? "" : $" for {string.Join(", ", certificate.Prefixes)}";

    private static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");
}
