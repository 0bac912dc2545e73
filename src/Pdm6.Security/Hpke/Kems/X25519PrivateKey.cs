using Pdm6.Security.Native;

namespace Pdm6.Security.Kems;

/// <summary>A scalar of Curve25519, and libcrypto's key of it.</summary>
internal sealed class X25519PrivateKey : DiffieHellmanPrivateKey
{
    private readonly EvpKeyHandle _key;
    private readonly byte[] _publicOctets;
    private readonly Lazy<KemPublicKey> _publicKey;

    public X25519PrivateKey(ReadOnlySpan<byte> octets)
        : base(octets)
    {
        _key = X25519.ImportPrivateKey(octets);
        byte[] publicOctets = X25519.PublicKeyOf(_key);
        _publicOctets = publicOctets;
        _publicKey = new Lazy<KemPublicKey>(() => new X25519PublicKey(publicOctets, X25519.ImportPublicKey(publicOctets)));
    }

    public override ReadOnlySpan<byte> PublicOctets => _publicOctets;
    public override KemPublicKey PublicKey => _publicKey.Value;

    public override bool TryAgree(KemPublicKey peer, Span<byte> agreement) =>
        X25519.TryAgree(_key, ((X25519PublicKey)peer).Key, agreement);

    public override void Dispose()
    {
        base.Dispose();
        _key.Dispose();
    }
}
