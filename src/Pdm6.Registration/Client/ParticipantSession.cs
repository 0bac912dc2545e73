using Pdm6.Registration.Identities;

namespace Pdm6.Registration.Client;

/// <summary>
/// A participant's standing with its registrar: keeps the certificate renewed and the HPKE key published for as long as
/// it runs. A registrar that is away is asked again later; nothing here is in a hurry.
/// </summary>
public sealed class ParticipantSession : IDisposable
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly CertificateRenewal _renewal;
    private readonly KeyPublication _publication;
    private string _trouble = "";

    /// <param name="identity">Who. The caller disposes of it after this session.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears what happens, a line each, for people.</param>
    /// <param name="registrar">Where the registrar is now, if not where it was at enrolment.</param>
    public ParticipantSession(IdentityDirectory identity, TimeProvider time, Action<string> log, Uri? registrar = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(log);
        (Identity, _time, _log) = (identity, time, log);
        Registrar = identity.ConnectRegistrar(time, registrar);
        Feed = new RegistrarFeed(Registrar, identity.Authority, time);
        _renewal = new CertificateRenewal(identity, time);
        _publication = new KeyPublication(identity, time);
    }

    /// <summary>Who.</summary>
    public IdentityDirectory Identity { get; }

    /// <summary>The registrar.</summary>
    public RegistrarClient Registrar { get; }

    /// <summary>What others announce, verified.</summary>
    public RegistrarFeed Feed { get; }

    /// <summary>Why the certificate is not renewed or the key not published; empty if all is well.</summary>
    public string Trouble => Volatile.Read(ref _trouble);

    /// <summary>Works until <paramref name="cancellationToken"/>, and then ends without an error.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(s_round, TimeSpan.FromMinutes(10));
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                string trouble = await CatchUpAsync(cancellationToken).ConfigureAwait(false);
                if (trouble.Length == 0)
                    backoff.Reset();
                Tell(trouble);
                await Task.Delay(trouble.Length == 0 ? s_round : backoff.Next(), _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // We are stopping, which the loop's condition tells.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Registrar.Dispose();

    /// <summary>Does once what is due.</summary>
    /// <returns>What went wrong, or an empty line.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<string> CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Identity.Refresh())
                _log($"HPKE key in use: {Identity.HpkeKeys[0].PublicKey.KeyId}");
            if (_renewal.IsDue && await _renewal.RenewAsync(Registrar, cancellationToken).ConfigureAwait(false) is { IsAccepted: false } refused)
                return Describe("the certificate is not renewed", refused);
            if (_publication.IsDue && await _publication.PublishAsync(Registrar, cancellationToken).ConfigureAwait(false) is { IsAccepted: false } unpublished)
                return Describe("the HPKE key is not published", unpublished);
            return "";
        }
        catch (Exception error) when (error is IOException or IdentityException)
        {
            return error.Message;
        }
    }

    private string Describe<T>(string what, RegistrarReply<T> reply) where T : class => Identity.Certificate.NotAfter <= _time.GetUtcNow()
        ? $"{what}, and the certificate has ended: run 'pdm6 enroll' again with a new token ({reply.Message})"
        : $"{what}: {reply.Message}";

    private void Tell(string trouble)
    {
        if (trouble != _trouble && trouble.Length > 0)
            _log(trouble);
        Volatile.Write(ref _trouble, trouble);
    }
}
