using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Options;

/// <summary>
/// The session key and base nonce of one directed address pair in one epoch, for both option carriages (protocol
/// reference, section 6). Safe from several threads, disposing included: both are zeroed when the last of their users is
/// done.
/// </summary>
internal sealed class OptionKey : IDisposable
{
    private readonly ShortAesGcm _gcm;
    private readonly byte[] _baseNonce;
    private readonly UseGate _gate;

    private OptionKey(ShortAesGcm gcm, byte[] baseNonce, ushort epoch)
    {
        _gcm = gcm;
        _baseNonce = baseNonce;
        Epoch = epoch;
        _gate = new UseGate(Erase);
    }

    public ushort Epoch { get; }

    public static OptionKey FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated)
    {
        Span<byte> key = stackalloc byte[Suites.LongestKeySize];
        key = key[..Suites.KeySize(suite)];
        byte[] baseNonce = GC.AllocateArray<byte>(Nonce.Size, pinned: true);
        try
        {
            KeyDerivation.SessionKey(pairSecret, suite, epoch, key, baseNonce);
            return new OptionKey(ShortAesGcm.Create(key, accelerated), baseNonce, epoch);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(baseNonce);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Seals a metric block of 16 octets. <b>The caller answers for the number.</b></summary>
    public void Seal(
        in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> metricBlock, Span<byte> ciphertext, Span<byte> tag)
    {
        using UseGate.Visit visit = _gate.Enter(this);
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Nonce.Build(_baseNonce, flow, carriage, Epoch, psntp, nonce);
        _gcm.Seal(nonce, associatedData, metricBlock, ciphertext, tag);
    }

    /// <summary>Opens a metric block; it becomes zeros if the tag is wrong.</summary>
    public bool TryOpen(
        in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> metricBlock)
    {
        using UseGate.Visit visit = _gate.Enter(this);
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Nonce.Build(_baseNonce, flow, carriage, Epoch, psntp, nonce);
        return _gcm.TryOpen(nonce, associatedData, ciphertext, tag, metricBlock);
    }

    public void Dispose() => _gate.Close();

    private void Erase()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_baseNonce);
    }
}
