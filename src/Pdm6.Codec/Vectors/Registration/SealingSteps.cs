using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>A sealed secret with every value on the way to it.</summary>
internal sealed class SealingSteps
{
    private readonly byte[] _document, _info, _associatedData, _baseNonce, _secret;

    public SealingSteps(
        byte[] document, SecretKind kind, ContextId context, Fingerprint sender, Recipient recipient, byte[] secret, string ephemeral)
    {
        SecretBinding binding = SecretBinding.To(document, kind, context, sender);
        (_document, _secret) = (document, secret);
        (_info, _associatedData) = (binding.InfoFor(recipient.Key.KeyId), binding.AssociatedData);
        using HpkePrivateKey key = StatedParticipant.StatedHpkeKey($"ephemeral {ephemeral}");
        EphemeralPrivateKey = new byte[key.Size];
        key.Export(EphemeralPrivateKey);
        Sealed = SealedSecret.UnsafeSealWithExplicitEphemeral(binding, recipient, secret, key, out _baseNonce);
    }

    public SealedSecret Sealed { get; }

    private byte[] EphemeralPrivateKey { get; }

    public IReadOnlyList<(string Name, byte[] Value)> Steps =>
    [
        ("document", _document), ("info", _info), ("aad", _associatedData), ("ephemeralPrivateKey", EphemeralPrivateKey),
        ("enc", Sealed.Enc), ("baseNonce", _baseNonce), ("secret", _secret), ("ciphertext", Sealed.Ciphertext),
    ];
}
