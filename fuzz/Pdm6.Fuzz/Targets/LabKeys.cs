using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>The keys of the targets that open sealed messages: always the same, and nobody else's.</summary>
internal static class LabKeys
{
    public const ushort Epoch = 5;
    public const ulong Start = 1_700_000_000_000_000_000;

    public static readonly byte[] BaseSecret = SHA256.HashData("pdm6 fuzz base secret"u8);
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
    public static byte[] Seal(in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData)
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
}
