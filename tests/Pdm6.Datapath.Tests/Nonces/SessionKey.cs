using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The key of one pair in one epoch, known to the test, so that it can open what the kernel seals.</summary>
internal sealed class SessionKey : IDisposable
{
    private readonly byte[] _key;
    private readonly byte[] _baseNonce;
    private readonly ShortAesGcm _gcm;

    private SessionKey(byte[] key, byte[] baseNonce)
    {
        (_key, _baseNonce, _gcm) = (key, baseNonce, ShortAesGcm.Create(key));
        Identity = Convert.ToHexString(key) + Convert.ToHexString(baseNonce);
    }

    /// <summary>Two with the same text are the same key.</summary>
    internal string Identity { get; }

    internal static SessionKey NewRandom() =>
        new(RandomNumberGenerator.GetBytes(Suites.LongestKeySize), RandomNumberGenerator.GetBytes(Nonce.Size));

    /// <summary>As an agent makes it that has a key file.</summary>
    internal static SessionKey FromKeyFile(ReadOnlySpan<byte> secret, IncarnationId incarnation, AddressPair pair, ushort epoch)
    {
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize], pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        byte[] key = new byte[Suites.LongestKeySize], baseNonce = new byte[Nonce.Size];
        KeyDerivation.BaseSecretFromKeyFile(secret, incarnation, baseSecret);
        KeyDerivation.PairSecret(baseSecret, pair.Source, pair.Destination, pairSecret);
        KeyDerivation.SessionKey(pairSecret, Suite.Aes256Gcm, epoch, key, baseNonce);
        return new SessionKey(key, baseNonce);
    }

    /// <summary>As the kernel programs want it.</summary>
    internal byte[] Pack()
    {
        uint[] schedule = new uint[AesKeySchedule.WordCount(_key.Length)];
        AesKeySchedule.Expand(_key, schedule);
        byte[] hashKey = new byte[GhashKey.ElementSize];
        GhashKey.Powers(_key, hashKey);
        byte[] packed = new byte[KernelDatapath.PackedKeySize];
        KernelKey.Pack(schedule, hashKey, _baseNonce, packed);
        return packed;
    }

    /// <summary>What makes a flow's keystream ahead.</summary>
    internal INumberSource Prepare(in FlowKey flow, ushort epoch, PacketCarriage carriage) => new PreparedKey(carriage == PacketCarriage.UdpOption
        ? PreparedNumbers.ForUdpOptions(_key, _baseNonce, flow, epoch, UdpOption.DefaultExId)
        : new PreparedNumbers(_key, _baseNonce, flow, epoch, Pdmv2OptionView.DefaultOptionType));

    /// <summary>The nonce under which this key opens the option; false if it does not open it.</summary>
    internal bool TryOpen(in SealedOption sealedOption, out UInt128 nonce)
    {
        Span<byte> octets = stackalloc byte[Nonce.Size];
        Span<byte> metrics = stackalloc byte[PdmMetrics.Size];
        Span<byte> udpOption = stackalloc byte[UdpOption.ProtectedLength];
        Nonce.Build(_baseNonce, sealedOption.Flow, sealedOption.Carriage, sealedOption.Epoch, sealedOption.Psntp, octets);
        nonce = UInt128.Zero;
        foreach (byte octet in octets)
            nonce = nonce << 8 | octet;
        if (sealedOption.Carriage == Carriage.UdpOption)
        {
            Assert.Equal(UdpOptionReadStatus.Ok, UdpOptionView.TryReadObserved(sealedOption.Octets, udpOption, out UdpOptionView behind));
            return _gcm.TryOpen(octets, behind.AssociatedData, behind.MetricBlock, behind.Tag, metrics);
        }
        Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(sealedOption.Option, out Pdmv2OptionView view));
        return _gcm.TryOpen(octets, view.AssociatedData, view.MetricBlock, view.Tag, metrics);
    }

    /// <summary>Opens the option of a datagram.</summary>
    internal bool TryOpen(in FlowKey flow, in UdpOptionView option, out PdmMetrics metrics)
    {
        Span<byte> nonce = stackalloc byte[Nonce.Size], block = stackalloc byte[PdmMetrics.Size];
        Nonce.Build(_baseNonce, flow, Carriage.UdpOption, option.Epoch, option.Psntp, nonce);
        bool authentic = _gcm.TryOpen(nonce, option.AssociatedData, option.MetricBlock, option.Tag, block);
        metrics = PdmMetrics.Read(block);
        return authentic;
    }

    public void Dispose() => _gcm.Dispose();
}
