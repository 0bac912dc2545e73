using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Kems;

/// <summary>DHKEM (RFC 9180, section 4.1).</summary>
internal sealed class DiffieHellmanKem(HpkeKem kem, DiffieHellmanGroup group) : KemAlgorithm
{
    private readonly byte[] _suiteId = [.. "KEM"u8, (byte)((ushort)kem >> 8), (byte)kem];

    public override HpkeKem Kem => kem;
    public override string Name => $"DHKEM({group.Name}, HKDF-{group.Hash.Name})";
    public override int PublicKeySize => group.PublicKeySize;
    public override int PrivateKeySize => group.PrivateKeySize;
    public override int EncapsulationSize => group.PublicKeySize;
    public override int SharedSecretSize => LabeledHkdf.SizeOf(group.Hash);
    public override bool Authenticates => true;

    private LabeledHkdf Hkdf => new(group.Hash, _suiteId);

    protected override bool IsSupported([NotNullWhen(false)] out string? why) => group.IsSupported(out why);

    public override KemPublicKey? ImportPublicKey(ReadOnlySpan<byte> octets) => group.ImportPublicKey(octets);

    public override KemPrivateKey? ImportPrivateKey(ReadOnlySpan<byte> octets) => group.ImportPrivateKey(octets);

    public override KemPrivateKey Generate()
    {
        Span<byte> material = stackalloc byte[PrivateKeySize];
        RandomNumberGenerator.Fill(material);
        KemPrivateKey key = Derive(material);
        CryptographicOperations.ZeroMemory(material);
        return key;
    }

    public override KemPrivateKey Derive(ReadOnlySpan<byte> inputKeyMaterial)
    {
        Span<byte> extracted = stackalloc byte[LabeledHkdf.SizeOf(group.Hash)];
        Hkdf.Extract([], "dkp_prk"u8, inputKeyMaterial, extracted);
        try
        {
            return group.Derive(Hkdf, extracted);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(extracted);
        }
    }

    public override byte[] Encapsulate(
        KemPublicKey recipient, KemPrivateKey? sender, KemPrivateKey? ephemeral, Span<byte> sharedSecret)
    {
        using KemPrivateKey? fresh = ephemeral is null ? Generate() : null;
        ephemeral ??= fresh!;
        byte[] encapsulation = ((DiffieHellmanPrivateKey)ephemeral).PublicOctets.ToArray();
        Span<byte> agreements = stackalloc byte[AgreementsSize(sender is not null)];
        try
        {
            // Every public key that was let in agrees with every private key.
            if (!TryAgree(ephemeral, recipient, agreements[..group.AgreementSize])
                || (sender is not null && !TryAgree(sender, recipient, agreements[group.AgreementSize..])))
                throw new CryptographicException("The recipient's key is not valid.");
            ExtractAndExpand(agreements, encapsulation, recipient, sender?.PublicKey, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreements);
        }
        return encapsulation;
    }

    public override bool TryDecapsulate(
        ReadOnlySpan<byte> encapsulation, KemPrivateKey recipient, KemPublicKey? sender, Span<byte> sharedSecret)
    {
        if (encapsulation.Length != EncapsulationSize || group.ImportPublicKey(encapsulation) is not { } ephemeral)
            return false;
        Span<byte> agreements = stackalloc byte[AgreementsSize(sender is not null)];
        try
        {
            if (!TryAgree(recipient, ephemeral, agreements[..group.AgreementSize])
                || (sender is not null && !TryAgree(recipient, sender, agreements[group.AgreementSize..])))
                return false;
            ExtractAndExpand(agreements, encapsulation, recipient.PublicKey, sender, sharedSecret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreements);
        }
    }

    /// <summary>A second agreement proves the sender.</summary>
    private int AgreementsSize(bool hasSender) => hasSender ? 2 * group.AgreementSize : group.AgreementSize;

    private static bool TryAgree(KemPrivateKey key, KemPublicKey peer, Span<byte> agreement) =>
        ((DiffieHellmanPrivateKey)key).TryAgree(peer, agreement);

    private void ExtractAndExpand(
        ReadOnlySpan<byte> agreements, ReadOnlySpan<byte> encapsulation, KemPublicKey recipient, KemPublicKey? sender,
        Span<byte> sharedSecret)
    {
        Span<byte> context = [.. encapsulation, .. recipient.Octets, .. sender is null ? [] : sender.Octets];
        Span<byte> extracted = stackalloc byte[SharedSecretSize];
        Hkdf.Extract([], "eae_prk"u8, agreements, extracted);
        Hkdf.Expand(extracted, "shared_secret"u8, context, sharedSecret);
        CryptographicOperations.ZeroMemory(extracted);
    }
}
