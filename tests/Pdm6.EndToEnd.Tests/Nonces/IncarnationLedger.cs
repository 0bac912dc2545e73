using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Nonces;

/// <summary>Tries every option with the keys of every incarnation, and enters it under the one that opens it.</summary>
internal sealed class IncarnationLedger : IDisposable
{
    private readonly record struct Session(IncarnationId Incarnation, Ipv6Address Source, Ipv6Address Destination, ushort Epoch);

    private sealed record SessionKey(ShortAesGcm Gcm, byte[] BaseNonce);

    private readonly IReadOnlyDictionary<IncarnationId, byte[]> _baseSecrets;
    private readonly Dictionary<Session, SessionKey> _keys = [];
    private readonly Dictionary<(Session, FlowKey, uint Psntp), OptionBytes> _seen = [];

    /// <param name="baseSecrets">The base secret of every incarnation.</param>
    internal IncarnationLedger(IReadOnlyDictionary<IncarnationId, byte[]> baseSecrets) => _baseSecrets = baseSecrets;

    /// <summary>The ledger of incarnations that share a key file.</summary>
    internal static IncarnationLedger OfKeyFile(KeyFile keyFile, IEnumerable<IncarnationId> incarnations) =>
        new(incarnations.ToDictionary(incarnation => incarnation, incarnation =>
        {
            byte[] baseSecret = new byte[KeyDerivation.SecretSize];
            KeyDerivation.BaseSecretFromKeyFile(keyFile.Secret, incarnation, baseSecret);
            return baseSecret;
        }));

    /// <summary>Options that no incarnation's key opens, or more than one.</summary>
    internal int NotOpenedOnce { get; private set; }

    /// <summary>Options whose key and nonce were used before.</summary>
    internal int Repetitions { get; private set; }

    /// <summary>Keys under which something was sealed.</summary>
    internal int KeysUsed => _seen.Keys.Select(entry => entry.Item1).Distinct().Count();

    /// <summary>Incarnations that sealed something.</summary>
    internal int IncarnationsUsed => _seen.Keys.Select(entry => entry.Item1.Incarnation).Distinct().Count();

    internal void Add(in SealedOption option)
    {
        Session? opener = null;
        int openers = 0;
        foreach (IncarnationId incarnation in _baseSecrets.Keys)
        {
            Session session = new(incarnation, option.Flow.Source, option.Flow.Destination, option.Epoch);
            if (!Opens(KeyOf(session), option))
                continue;
            opener = session;
            openers++;
        }
        if (openers != 1)
            NotOpenedOnce++;
        else if (!_seen.TryAdd((opener!.Value, option.Flow, option.Psntp), option.Option))
            Repetitions++;
    }

    public void Dispose()
    {
        foreach (SessionKey key in _keys.Values)
            key.Gcm.Dispose();
    }

    private static bool Opens(SessionKey key, in SealedOption option)
    {
        Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(option.Option, out Pdmv2OptionView view));
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Span<byte> metrics = stackalloc byte[PdmMetrics.Size];
        Nonce.Build(key.BaseNonce, option.Flow, Carriage.DestinationOptionV2, view.Epoch, view.Psntp, nonce);
        return key.Gcm.TryOpen(nonce, view.AssociatedData, view.MetricBlock, view.Tag, metrics);
    }

    private SessionKey KeyOf(Session session)
    {
        if (_keys.TryGetValue(session, out SessionKey? known))
            return known;
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        Span<byte> key = stackalloc byte[Suites.LongestKeySize];
        byte[] baseNonce = new byte[Nonce.Size];
        KeyDerivation.PairSecret(_baseSecrets[session.Incarnation], session.Source, session.Destination, pairSecret);
        KeyDerivation.SessionKey(pairSecret, Suite.Aes256Gcm, session.Epoch, key, baseNonce);
        return _keys[session] = new SessionKey(ShortAesGcm.Create(key), baseNonce);
    }
}
