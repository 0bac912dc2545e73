using System.Security.Cryptography;
using System.Text;
using Pdm6.Codec;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>The keys of the targets that open sealed messages: always the same, and nobody else's.</summary>
internal static class LabKeys
{
    public const ushort Epoch = 5;
    public const ulong Start = 1_700_000_000_000_000_000;

    public static readonly byte[] BaseSecret = SHA256.HashData("pdm6 fuzz base secret"u8);
    public static readonly byte[] FrameKey = SHA256.HashData("pdm6 fuzz frame key"u8);
    public static readonly byte[] PairSecret = new byte[KeyDerivation.SecretSize];

    static LabKeys() => KeyDerivation.PairSecret(BaseSecret, Samples.Flow.Source, Samples.Flow.Destination, PairSecret);

    /// <summary>The context whose base secret it is.</summary>
    public static Announcement Announcement { get; } = new()
    {
        FormatVersion = Announcement.CurrentFormatVersion,
        ContextId = new ContextId(1),
        IncarnationId = new IncarnationId(2),
        Sequence = 3,
        IssuedAtUnixNs = Start,
        NotAfterUnixNs = Start + 3_600_000_000_000,
        AgentName = "fuzz",
        Addresses = [Samples.Flow.Source],
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(Epoch, Start, 60_000_000_000, 60),
        OptionType = Pdmv2OptionView.DefaultOptionType,
        Carriages = Carriages.DestinationOptionV2 | Carriages.UdpOption,
        ClockErrorBoundNs = 0,
    };

    /// <summary>Seals the metrics with the platform's AES-GCM, which is not under test.</summary>
    private static byte[] Seal(in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData)
    {
        byte[] key = new byte[Suites.KeySize(Suite.Aes256Gcm)], baseNonce = new byte[Nonce.Size], nonce = new byte[Nonce.Size];
        KeyDerivation.SessionKey(PairSecret, Suite.Aes256Gcm, Epoch, key, baseNonce);
        Nonce.Build(baseNonce, flow, carriage, Epoch, psntp, nonce);
        byte[] block = new byte[PdmMetrics.Size], sealedBlock = new byte[PdmMetrics.Size + Pdmv2OptionView.TagSize];
        Samples.Metrics.Write(block);
        using AesGcm gcm = new(key, Pdmv2OptionView.TagSize);
        gcm.Encrypt(nonce, block, sealedBlock.AsSpan(0, PdmMetrics.Size), sealedBlock.AsSpan(PdmMetrics.Size), associatedData);
        return sealedBlock;
    }

    /// <summary>A key as a key file: it can be had from a file only.</summary>
    public static KeyFile File(byte[] key)
    {
        string path = WriteFile(key);
        try
        {
            return KeyFile.Load(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    /// <summary>The pair secret and the frame key as the codec wants them.</summary>
    public static CodecKeys ForCodec()
    {
        string pair = WriteFile(PairSecret), frame = WriteFile(FrameKey);
        try
        {
            return CodecKeys.Load(pair, frame);
        }
        finally
        {
            System.IO.File.Delete(pair);
            System.IO.File.Delete(frame);
        }
    }

    private static string WriteFile(byte[] key)
    {
        string path = Path.Combine(Path.GetTempPath(), $"pdm6-fuzz-{Guid.NewGuid():n}.key");
        using FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)));
        return path;
    }

    /// <summary>A protected option of the lab's context.</summary>
    public static byte[] SealedOption(in FlowKey flow, uint psntp)
    {
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize];
        Pdmv2OptionView.WriteHeader(option, Pdmv2OptionView.DefaultOptionType, isProtected: true, Epoch, psntp);
        Seal(flow, Carriage.DestinationOptionV2, psntp, option.AsSpan(0, Pdmv2OptionView.AssociatedDataSize))
            .CopyTo(option, Pdmv2OptionView.AssociatedDataSize);
        return option;
    }

    /// <summary>A surplus area with a protected option of the lab's context, in <see cref="Samples.Flow"/>.</summary>
    public static byte[] SealedSurplus(bool isOdd, uint psntp)
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize], surplus = new byte[UdpOption.ProtectedSurplusSize + 1];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, Epoch, psntp);
        byte[] sealedBlock = Seal(Samples.Flow, Carriage.UdpOption, psntp, associatedData);
        int size = UdpOption.WriteProtected(
            surplus, isOdd, associatedData, sealedBlock.AsSpan(0, PdmMetrics.Size), sealedBlock.AsSpan(PdmMetrics.Size));
        return surplus[..size];
    }

    /// <summary>A sealed udp-frame. All of them share a nonce: they are no secrets, and nobody else has the keys.</summary>
    public static byte[] SealedFrame(byte[] key, UdpFrameFlags flags, ushort keyId, byte[] tlvs)
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead + tlvs.Length], nonce = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        UdpFrame.WriteSealedPrefix(frame, new UdpFrameHeader(flags, keyId, 1, 1_699_200_000_000_000), nonce, tlvs.Length);
        using AesGcm gcm = new(key, UdpFrame.TagSize);
        gcm.Encrypt(
            nonce, tlvs, frame.AsSpan(UdpFrame.CiphertextOffset, tlvs.Length), frame.AsSpan(frame.Length - UdpFrame.TagSize),
            frame.AsSpan(0, UdpFrame.HeaderSize));
        return frame;
    }
}
