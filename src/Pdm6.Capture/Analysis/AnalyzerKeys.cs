using System.Diagnostics.CodeAnalysis;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Capture.Analysis;

/// <summary>What opens signed announcements: the private keys of an analyzer, and the authority that must know the
/// senders.</summary>
/// <param name="keys">The keys, former ones too. Disposed with this.</param>
/// <param name="authority">Whose participants are believed.</param>
public sealed class AnalyzerKeys(IReadOnlyList<HpkePrivateKey> keys, AuthorityCertificate authority) : IDisposable
{
    /// <summary>Whose participants are believed.</summary>
    internal AuthorityCertificate Authority { get; } = authority;

    /// <summary>Finds a key that the announcement is sealed to.</summary>
    internal bool TryFindKeyOf(SealedAnnouncement announcement, [NotNullWhen(true)] out HpkePrivateKey? key)
    {
        key = keys.FirstOrDefault(own => announcement.Sealed.Any(secret => secret.KeyId == own.PublicKey.KeyId));
        return key is not null;
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        foreach (HpkePrivateKey key in keys)
            key.Dispose();
    }
}
