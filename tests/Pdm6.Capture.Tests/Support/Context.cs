using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Support;

/// <summary>A sender's keys: makes the protected forms of every carriage.</summary>
internal sealed class Context(byte[] baseSecret, Suite suite = Suite.Aes256Gcm, ushort epoch = 7)
{
    public byte[] BaseSecret => baseSecret;

    /// <summary>A destination option.</summary>
    public byte[] Option(in FlowKey flow, uint psntp, in PdmMetrics metrics, byte optionType = 0x1e)
    {
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize];
        Pdmv2OptionView.WriteHeader(option, optionType, isProtected: true, epoch, psntp);
        Seal(flow, Carriage.DestinationOptionV2, psntp, metrics, option, Pdmv2OptionView.AssociatedDataSize);
        return option;
    }

    /// <summary>A surplus area with a UDP option.</summary>
    public byte[] Surplus(in FlowKey flow, uint psntp, in PdmMetrics metrics, int payloadLength)
    {
        byte[] option = new byte[UdpOption.ProtectedLength];
        UdpOption.WriteAssociatedData(option, isProtected: true, UdpOption.DefaultExId, epoch, psntp);
        Seal(flow, Carriage.UdpOption, psntp, metrics, option, UdpOption.AssociatedDataSize);
        byte[] surplus = new byte[UdpOption.ProtectedSurplusSize + (payloadLength & 1)];
        UdpOption.WriteProtected(surplus, (payloadLength & 1) != 0, option.AsSpan(0, UdpOption.AssociatedDataSize),
            option.AsSpan(UdpOption.AssociatedDataSize, PdmMetrics.Size), option.AsSpan(^Pdmv2OptionView.TagSize..));
        return surplus;
    }

    private void Seal(in FlowKey flow, Carriage carriage, uint psntp, in PdmMetrics metrics, Span<byte> option, int associated)
    {
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize], block = stackalloc byte[PdmMetrics.Size];
        KeyDerivation.PairSecret(baseSecret, flow.Source, flow.Destination, pairSecret);
        metrics.Write(block);
        Span<byte> key = stackalloc byte[Suites.KeySize(suite)], baseNonce = stackalloc byte[Nonce.Size], nonce = stackalloc byte[Nonce.Size];
        KeyDerivation.SessionKey(pairSecret, suite, epoch, key, baseNonce);
        Nonce.Build(baseNonce, flow, carriage, epoch, psntp, nonce);
        using AesGcm gcm = new(key, Pdmv2OptionView.TagSize);
        gcm.Encrypt(nonce, block, option.Slice(associated, PdmMetrics.Size), option[^Pdmv2OptionView.TagSize..], option[..associated]);
    }
}
