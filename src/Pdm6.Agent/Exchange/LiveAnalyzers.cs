using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// Who may open what we measure: of the analyzers in our configuration those that the registrar has and that were not
/// revoked. Nobody else gets anything, whatever the registrar says. Thread-safe.
/// </summary>
/// <param name="pinned">Identity fingerprints in the configuration.</param>
/// <param name="authority">Who must know them.</param>
/// <param name="log">Takes lines for people.</param>
internal sealed class LiveAnalyzers(IReadOnlyList<Fingerprint> pinned, AuthorityCertificate authority, Action<string> log)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Fingerprint> _pinned = [.. pinned];
    private readonly HashSet<Fingerprint> _revoked = [];
    private readonly HashSet<string> _said = [];
    private IReadOnlyList<Addressee>? _known;

    /// <summary>Those that contexts are sealed to now; null until the registrar was asked.</summary>
    internal IReadOnlyList<Addressee>? Current
    {
        get
        {
            lock (_lock)
                return _pinned.Count == 0 ? [] : _known?.Where(analyzer => !_revoked.Contains(analyzer.Identity)).ToArray();
        }
    }

    /// <summary>Takes the registrar's list.</summary>
    internal void Set(IReadOnlyList<ParticipantKeys> answer, ulong nowUnixNs)
    {
        List<Addressee> found = [];
        List<string> remarks = [];
        foreach (ParticipantKeys candidate in answer)
        {
            if (!ParticipantCertificate.TryParse(candidate.Certificate, out ParticipantCertificate? certificate, out _)
                || !_pinned.Contains(certificate.IdentityFingerprint))
                continue;
            if (PublishedKeys.TryVerify(candidate, authority, Role.Analyzer, nowUnixNs, out Addressee? analyzer, out string? error))
                found.Add(analyzer);
            else
                remarks.Add($"Nothing is sealed to analyzer {certificate.IdentityFingerprint}: {error}");
        }
        lock (_lock)
        {
            _known = [.. found.DistinctBy(analyzer => analyzer.Identity)];
            remarks.AddRange(_pinned.Where(pin => !_revoked.Contains(pin) && _known.All(analyzer => analyzer.Identity != pin))
                .Select(pin => $"Analyzer {pin} of the configuration is not enrolled, or has published no key, or was revoked: nothing is sealed to it."));
            remarks.RemoveAll(remark => !_said.Add(remark));
        }
        remarks.ForEach(log);
    }

    /// <summary>From now on this one gets nothing.</summary>
    internal void Revoke(Fingerprint identity)
    {
        lock (_lock)
            _revoked.Add(identity);
    }
}
