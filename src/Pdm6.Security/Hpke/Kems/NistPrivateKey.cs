using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>A scalar of a NIST curve, and the platform's key of it.</summary>
internal sealed class NistPrivateKey : DiffieHellmanPrivateKey
{
    private readonly ECDiffieHellman _key;
    private readonly byte[] _publicOctets;
    private readonly Lazy<KemPublicKey> _publicKey;
    // The platform promises nothing about a key that several threads use at once.
    private readonly Lock _turn = new();

    /// <param name="group">The curve.</param>
    /// <param name="octets">A scalar that is in range.</param>
    public NistPrivateKey(NistGroup group, ReadOnlySpan<byte> octets)
        : base(octets)
    {
        byte[] scalar = GC.AllocateUninitializedArray<byte>(octets.Length, pinned: true);
        octets.CopyTo(scalar);
        try
        {
            _key = ECDiffieHellman.Create(new ECParameters { Curve = group.Curve, D = scalar });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] publicOctets = [NistGroup.Uncompressed, .. point.X!, .. point.Y!];
        _publicOctets = publicOctets;
        // Imported again: the platform's public half of the key would keep the private one in memory.
        _publicKey = new Lazy<KemPublicKey>(() => group.ImportPublicKey(publicOctets)!);
    }

    public override ReadOnlySpan<byte> PublicOctets => _publicOctets;
    public override KemPublicKey PublicKey => _publicKey.Value;

    public override bool TryAgree(KemPublicKey peer, Span<byte> agreement)
    {
        byte[] raw;
        lock (_turn)
            raw = _key.DeriveRawSecretAgreement(((NistPublicKey)peer).Key);
        raw.CopyTo(agreement);
        CryptographicOperations.ZeroMemory(raw);
        return true; // infinity cannot come out: the order of the curve is prime
    }

    public override void Dispose()
    {
        base.Dispose();
        _key.Dispose();
    }
}
