using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pdm6.Security.Opening;

/// <summary>
/// Derives session keys and keeps what is likely to be asked for again, in three bounded caches: pair secrets, session
/// keys, expanded keys of the hottest. Not for several threads.
/// </summary>
internal sealed class SessionKeys : IDisposable
{
    private readonly SecretTable<PairId, PairSecretOctets> _pairs;
    private readonly SecretTable<SessionId, SessionSecret> _sessions;
    private readonly HotKeys _hot;

    public SessionKeys(OpenerLimits limits)
    {
        _pairs = new SecretTable<PairId, PairSecretOctets>(limits.PairSecrets);
        _hot = new HotKeys(limits.HotKeys);
        _sessions = new SecretTable<SessionId, SessionSecret>(limits.SessionKeys, _hot.Forget);
    }

    public static uint HashOf(in SessionId id) => SecretTable<SessionId, SessionSecret>.HashOf(id);

    /// <summary>The slot of a session's key, derived now if it is not kept. Good until the next call.</summary>
    public int Slot(OpenerContext context, in SessionId id, uint hash)
    {
        int slot = _sessions.Find(id, hash);
        return slot >= 0 ? slot : Derive(context, id, hash);
    }

    /// <summary>While it stands still, every expanded key that was handed out is good.</summary>
    public int Changes => _hot.Changes;

    /// <summary>The expanded key of a slot. Good until <see cref="IsHot"/> says otherwise.</summary>
    public ShortAesGcm Key(int slot, int keySize) =>
        _hot.Get(slot, ((ReadOnlySpan<byte>)_sessions.At(slot).Key)[..keySize]);

    /// <summary>True while the expanded key of a slot was not displaced.</summary>
    public bool IsHot(int slot) => _hot.Holds(slot);

    public ReadOnlySpan<byte> BaseNonce(int slot) => _sessions.At(slot).BaseNonce;

    public void PrefetchIndex(uint hash) => _sessions.PrefetchBucket(hash);

    public void PrefetchSecret(uint hash)
    {
        int slot = _sessions.PrefetchEntry(hash);
        if (slot >= 0)
            _hot.Prefetch(slot);
    }

    /// <summary>Zeroes what was derived from a context.</summary>
    public void Forget(uint context)
    {
        _sessions.RemoveWhere(id => id.Context == context);
        _pairs.RemoveWhere(id => id.Context == context);
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _pairs.Dispose();
        _hot.Dispose();
    }

    // Both secrets are complete before a table shows them: a slot never holds a key that anybody could guess.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Derive(OpenerContext context, in SessionId id, uint hash)
    {
        SessionSecret secret = default;
        try
        {
            KeyDerivation.SessionKey(
                PairSecret(context, id.Pair), context.Suite, id.Epoch,
                ((Span<byte>)secret.Key)[..context.KeySize], secret.BaseNonce);
            int slot = _sessions.Add(id, hash);
            _sessions.At(slot) = secret;
            return slot;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<SessionSecret>(ref secret)));
        }
    }

    private ReadOnlySpan<byte> PairSecret(OpenerContext context, in PairId id)
    {
        uint hash = SecretTable<PairId, PairSecretOctets>.HashOf(id);
        int slot = _pairs.Find(id, hash);
        if (slot < 0)
        {
            PairSecretOctets secret = default;
            try
            {
                KeyDerivation.PairSecret(context.BaseSecret, id.Source, id.Destination, secret);
                slot = _pairs.Add(id, hash);
                _pairs.At(slot) = secret;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(secret);
            }
        }
        return _pairs.At(slot);
    }
}
