using System.Buffers.Binary;
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

    /// <summary>A udp-frame: its key id is the epoch.</summary>
    public byte[] Frame(in FlowKey flow, uint sequence, ulong counter, ReadOnlySpan<byte> tlvs)
    {
        byte[] pairSecret = new byte[KeyDerivation.SecretSize];
        KeyDerivation.PairSecret(baseSecret, flow.Source, flow.Destination, pairSecret);
        byte[] info = [.. "pdm6 v1 frame"u8, 0, (byte)suite, (byte)(epoch >> 8), (byte)epoch];
        byte[] key = HKDF.Expand(HashAlgorithmName.SHA256, pairSecret, 32, info);
        byte[] frame = new byte[UdpFrame.SealedOverhead + tlvs.Length];
        new UdpFrameHeader(UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId, epoch, sequence, 1).Write(frame);
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(UdpFrame.HeaderSize + 4), counter);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(UdpFrame.CiphertextOffset - 4), tlvs.Length);
        using AesGcm gcm = new(key, UdpFrame.TagSize);
        gcm.Encrypt(frame.AsSpan(UdpFrame.HeaderSize, UdpFrame.NonceSize), tlvs, frame.AsSpan(UdpFrame.CiphertextOffset, tlvs.Length),
            frame.AsSpan(^UdpFrame.TagSize..), frame.AsSpan(0, UdpFrame.HeaderSize));
        return frame;
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
