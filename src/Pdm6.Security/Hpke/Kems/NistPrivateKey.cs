using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>A scalar of a NIST curve, and the platform's key of it.</summary>
internal sealed class NistPrivateKey : DiffieHellmanPrivateKey
{
    private readonly ECDiffieHellman _key;
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
        // Imported again: the platform's public half of the key would keep the private one in memory.
        PublicKey = group.ImportPublicKey([NistGroup.Uncompressed, .. point.X!, .. point.Y!])!;
    }

    public override KemPublicKey PublicKey { get; }

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
