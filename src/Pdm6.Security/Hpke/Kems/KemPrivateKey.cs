using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>A private key; whoever disposes it sees to it that nobody uses it (<see cref="UseGate"/>).</summary>
internal abstract class KemPrivateKey : IDisposable
{
    private readonly byte[] _octets;

    /// <param name="octets">As SerializePrivateKey makes them; copied.</param>
    protected KemPrivateKey(ReadOnlySpan<byte> octets)
    {
        _octets = GC.AllocateUninitializedArray<byte>(octets.Length, pinned: true);
        octets.CopyTo(_octets);
    }

    public ReadOnlySpan<byte> Octets => _octets;
    public abstract KemPublicKey PublicKey { get; }

    public virtual void Dispose() => CryptographicOperations.ZeroMemory(_octets);
}
