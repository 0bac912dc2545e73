using System.Security.Cryptography;
using Pdm6.Agent.Exchange;
using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Paths;

/// <summary>The keys by which agents talk about paths: of our own context, as the one who asks, and of the contexts of
/// others, as the one who answers. Thread-safe.</summary>
/// <param name="exchange">Has the secrets of others.</param>
internal sealed class PathKeys(IKeyExchange exchange)
{
    private SendingContext? _own;
    private RemoteContexts _remote = RemoteContexts.None;

    /// <summary>The context in use.</summary>
    internal void SetOwn(SendingContext context) => Volatile.Write(ref _own, context);

    /// <summary>The contexts of others.</summary>
    internal void SetRemote(RemoteContexts remote) => Volatile.Write(ref _remote, remote);

    /// <summary>True if somebody at the pair's destination can be asked.</summary>
    internal bool MayAsk(AddressPair pair) => !pair.Destination.IsLinkLocal && exchange.IsRegistered(pair.Destination);

    /// <summary>What to ask with; false if there is no context just now. The caller zeroes the key.</summary>
    internal bool TryGetOwn(AddressPair pair, out ContextId context, Span<byte> key)
    {
        SendingContext? own = Volatile.Read(ref _own);
        context = own?.Announcement.ContextId ?? default;
        return own is not null && own.TryPathKey(pair, key);
    }

    /// <summary>What to check a question with; false if the context is not known, or its secret was not given to us. The
    /// caller zeroes the key.</summary>
    internal bool TryGetRemote(ContextId context, AddressPair pair, Span<byte> key)
    {
        if (Volatile.Read(ref _remote).Of(pair.Source).FirstOrDefault(announcement => announcement.ContextId == context) is not { } announcement)
            return false;
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        bool known = exchange.TryGetPairSecret(announcement, pair, pairSecret);
        if (known)
            KeyDerivation.PathKey(pairSecret, key);
        CryptographicOperations.ZeroMemory(pairSecret);
        return known;
    }
}
