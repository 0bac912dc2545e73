using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration;

/// <summary>
/// What only an operator may do. It works on the store itself, beside a running registrar or without one; a running one
/// notices within a second. For any thread.
/// </summary>
public sealed class RegistrarOperator : IDisposable
{
    /// <summary>The actor of what is done by the command line.</summary>
    public const string Operator = "operator";

    private const int MostUses = 1_000_000;
    private static readonly TimeSpan _longestLifetime = TimeSpan.FromDays(366);

    private readonly RegistrarStore _store;
    private readonly Fingerprint _authority;
    private readonly bool _ownsStore;

    internal RegistrarOperator(RegistrarStore store, Fingerprint authority, bool ownsStore = false) =>
        (_store, _authority, _ownsStore) = (store, authority, ownsStore);

    /// <summary>Opens the store and the authority that the options name; makes them if they are not there.</summary>
    /// <exception cref="RegistrarException">They cannot be used; the line says what to do.</exception>
    public static RegistrarOperator Open(RegistrarOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using CertificateAuthority authority = DataDirectory.OpenAuthority(options);
        return new RegistrarOperator(RegistrarStore.Open(options, committed: _ => { }), authority.Fingerprint, ownsStore: true);
    }

    /// <summary>Makes a token. Its text is nowhere else: who loses it makes another.</summary>
    /// <exception cref="RegistrarException">There can be no such token.</exception>
    public async Task<EnrollmentToken> CreateTokenAsync(TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Role == Role.Endpoint && request.Prefixes.Count == 0)
            throw new RegistrarException("an endpoint needs the prefixes of its addresses: add --prefix 2001:db8::/64 (or ::/0 for any)");
        if (request.Prefixes.Count > RegistrarLimits.MostPrefixes)
            throw new RegistrarException($"a token allows at most {RegistrarLimits.MostPrefixes} prefixes: make several tokens");
        if (request.Uses is < 1 or > MostUses)
            throw new RegistrarException($"a token is for 1 to {MostUses} uses");
        if (request.Lifetime <= TimeSpan.Zero || request.Lifetime > _longestLifetime)
            throw new RegistrarException("a token is good for a year at most: choose a shorter time");
        EnrollmentToken token = EnrollmentToken.Create(_authority);
        await DoAsync(transaction =>
        {
            TokenTable.Add(transaction.Sql, new StoredToken
            {
                Id = token.Id,
                SecretHash = token.SecretHash(),
                Role = request.Role,
                Prefixes = request.Prefixes,
                Uses = request.Uses,
                ExpiresNs = (UnixTime.FromUnixNs(transaction.NowNs) + request.Lifetime).ToUnixNs(),
                NeedsApproval = request.NeedsApproval,
                CreatedNs = transaction.NowNs,
            });
            transaction.Audit(
                Operator, "token-created", token.Id, PrefixText.Of(request.Prefixes),
                $"{RoleText.Of(request.Role)}, {request.Uses} uses, {request.Lifetime:c}{(request.NeedsApproval ? ", with approval" : "")}");
            return true;
        }).ConfigureAwait(false);
        return token;
    }

    /// <summary>All tokens, the newest first.</summary>
    public Task<IReadOnlyList<TokenDescription>> TokensAsync(CancellationToken cancellationToken) => ReadAsync<TokenDescription>(
        sql => [.. TokenTable.All(sql).Select(token => new TokenDescription(
            token.Id, token.Role, token.Prefixes, token.Used, token.Uses, UnixTime.FromUnixNs(token.ExpiresNs),
            token.NeedsApproval, token.RevokedNs != 0))], cancellationToken);

    /// <summary>Revokes a token: it enrols nobody from then on. Whoever enrolled with it stays.</summary>
    /// <exception cref="RegistrarException">There is no such token.</exception>
    public Task RevokeTokenAsync(string id) => DoAsync(transaction =>
    {
        if (!TokenTable.Revoke(transaction.Sql, id, transaction.NowNs))
            throw new RegistrarException($"there is no token {id} that is not revoked: see 'pdm6 registrar token list'");
        transaction.Audit(Operator, "token-revoked", id, "", "");
        return true;
    });

    /// <summary>All participants, by name.</summary>
    public Task<IReadOnlyList<ParticipantDescription>> ParticipantsAsync(CancellationToken cancellationToken) =>
        ReadAsync<ParticipantDescription>(sql => [.. ParticipantTable.All(sql).Select(Describe)], cancellationToken);

    /// <summary>Lets in somebody who waits.</summary>
    /// <param name="nameOrFingerprint">Who.</param>
    /// <exception cref="RegistrarException">Nobody of that name waits.</exception>
    public Task<ParticipantDescription> ApproveAsync(string nameOrFingerprint) => DoAsync(transaction =>
    {
        StoredParticipant participant = Find(transaction, nameOrFingerprint);
        if (participant.State != ParticipantState.Pending)
            throw new RegistrarException($"{participant.Name} does not wait for approval: see 'pdm6 registrar participants'");
        participant = participant with { State = ParticipantState.Approved };
        ParticipantTable.Update(transaction.Sql, participant);
        transaction.Audit(
            Operator, "approved", participant.Fingerprint.ToString(), PrefixText.Of(participant.Prefixes),
            $"{participant.Name}, {RoleText.Of(participant.Role)}");
        return Describe(participant);
    });

    /// <summary>Revokes a participant, or sends away one that waits. It cannot be taken back: who shall come again
    /// enrols with a new identity key.</summary>
    /// <param name="nameOrFingerprint">Who.</param>
    /// <param name="actor">Who does it, for the audit log: <see cref="Operator"/>, or what else.</param>
    /// <param name="reason">Why, for the audit log; may be empty.</param>
    /// <exception cref="RegistrarException">There is nobody of that name who is not revoked.</exception>
    public Task<ParticipantDescription> RevokeAsync(string nameOrFingerprint, string actor, string reason) => DoAsync(transaction =>
    {
        StoredParticipant participant = Find(transaction, nameOrFingerprint);
        if (participant.State == ParticipantState.Revoked)
            throw new RegistrarException($"{participant.Name} is revoked already");
        ParticipantTable.Revoke(transaction.Sql, participant.Fingerprint, transaction.NextVersion());
        if (participant.Role == Role.Analyzer)
            transaction.AnalyzersChanged();
        transaction.Audit(
            actor, "revoked", participant.Fingerprint.ToString(), PrefixText.Of(participant.Prefixes),
            reason.Length > 0 ? $"{participant.Name}: {reason}" : participant.Name);
        return Describe(participant with { State = ParticipantState.Revoked });
    });

    /// <summary>Lets several endpoints announce the same addresses at once (anycast, failover).</summary>
    /// <exception cref="RegistrarException">It is shared already.</exception>
    public Task ShareAsync(Ipv6Prefix prefix) => DoAsync(transaction =>
    {
        if (!SharedPrefixTable.Add(transaction.Sql, prefix))
            throw new RegistrarException($"{prefix} is shared already");
        transaction.Audit(Operator, "shared", prefix.ToString(), prefix.ToString(), "");
        return true;
    });

    /// <summary>Takes <see cref="ShareAsync"/> back, for announcements to come.</summary>
    /// <exception cref="RegistrarException">It is not shared.</exception>
    public Task UnshareAsync(Ipv6Prefix prefix) => DoAsync(transaction =>
    {
        if (!SharedPrefixTable.Remove(transaction.Sql, prefix))
            throw new RegistrarException($"{prefix} is not shared");
        transaction.Audit(Operator, "unshared", prefix.ToString(), prefix.ToString(), "");
        return true;
    });

    /// <summary>Entries of the audit log after an id, oldest first.</summary>
    /// <param name="after">0 for the first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<AuditEntry>> AuditAsync(long after, int most, CancellationToken cancellationToken) =>
        ReadAsync<AuditEntry>(sql => AuditTable.After(sql, after, most), cancellationToken);

    /// <summary>Closes the store, if it was opened by <see cref="Open"/>.</summary>
    public void Dispose()
    {
        if (_ownsStore)
            _store.Dispose();
    }

    private static StoredParticipant Find(StoreTransaction transaction, string nameOrFingerprint) =>
        (Fingerprint.TryParse(nameOrFingerprint, out Fingerprint fingerprint)
            ? ParticipantTable.Find(transaction.Sql, fingerprint)
            : ParticipantTable.FindByName(transaction.Sql, nameOrFingerprint))
        ?? throw new RegistrarException($"there is no participant '{nameOrFingerprint}': see 'pdm6 registrar participants'");

    private static ParticipantDescription Describe(StoredParticipant participant) => new(
        participant.Fingerprint, participant.Name, participant.Role, participant.Prefixes,
        ParticipantTable.StateText(participant.State), participant.Source,
        participant.CertificateEndsNs == 0 ? null : UnixTime.FromUnixNs(participant.CertificateEndsNs));

    private async Task<T> DoAsync<T>(Func<StoreTransaction, T> work)
    {
        try
        {
            return await _store.WriteAsync(work).ConfigureAwait(false);
        }
        catch (StoreUnavailableException trouble)
        {
            throw NotNow(trouble);
        }
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>(Func<SqlSession, IReadOnlyList<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.ReadAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException trouble)
        {
            throw NotNow(trouble);
        }
    }

    private RegistrarException NotNow(StoreUnavailableException trouble) =>
        new($"{_store.Description} cannot be used now ({trouble.Message.TrimEnd('.')}); try again", trouble);
}
