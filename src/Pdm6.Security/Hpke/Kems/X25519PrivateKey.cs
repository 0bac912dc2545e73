using Pdm6.Security.Native;

namespace Pdm6.Security.Kems;

/// <summary>A scalar of Curve25519, and libcrypto's key of it.</summary>
internal sealed class X25519PrivateKey : DiffieHellmanPrivateKey
{
    private readonly EvpKeyHandle _key;

    public X25519PrivateKey(ReadOnlySpan<byte> octets)
        : base(octets)
    {
        _key = X25519.ImportPrivateKey(octets);
        byte[] point = X25519.PublicKeyOf(_key);
        PublicKey = new X25519PublicKey(point, X25519.ImportPublicKey(point));
    }

    public override KemPublicKey PublicKey { get; }

    public override bool TryAgree(KemPublicKey peer, Span<byte> agreement) =>
        X25519.TryAgree(_key, ((X25519PublicKey)peer).Key, agreement);

    public override void Dispose()
    {
        base.Dispose();
        _key.Dispose();
    }
}
