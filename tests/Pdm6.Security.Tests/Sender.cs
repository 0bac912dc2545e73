using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>A sender with a context of its own, which seals options with the platform's AES-GCM.</summary>
internal sealed class Sender
{
    public const ulong Second = 1_000_000_000;
    /// <summary>When every sender's context begins.</summary>
    public const ulong Start = 1_700_000_000 * Second;

    public Sender(params string[] addresses)
    {
        RandomNumberGenerator.Fill(BaseSecret);
        EpochTimetable timetable = new(100, Start, 60 * Second, 1440);
        Announcement = new Announcement
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = IncarnationId.NewRandom(),
            Sequence = 1,
            IssuedAtUnixNs = Start,
            NotAfterUnixNs = timetable.EndNs,
            AgentName = "sender",
            Addresses = [.. addresses.Select(a => Ipv6Address.Parse(a))],
            Suite = Suite.Aes256Gcm,
            Timetable = timetable,
            OptionType = Pdmv2OptionView.DefaultOptionType,
            ClockErrorBoundNs = 0,
        };
    }

    public byte[] BaseSecret { get; } = new byte[KeyDerivation.SecretSize];
    public Announcement Announcement { get; init; }

    public FlowKey Flow(string destination, ushort port = 40000) => new(
        Announcement.Addresses[0], Ipv6Address.Parse(destination), NextHeader.Udp, port, 53);

    public byte[] Seal(FlowKey flow, long epochIndex, uint psntp, PdmMetrics metrics)
    {
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize];
        Pdmv2OptionView.WriteHeader(
            option, Announcement.OptionType, isProtected: true, Announcement.Timetable.EpochOf(epochIndex), psntp);
        Encrypt(flow, Carriage.DestinationOptionV2, epochIndex, psntp, metrics, option.AsSpan(0, 8), option.AsSpan(8));
        return option;
    }

    /// <summary>A surplus area with a sealed UDP option, without a pad.</summary>
    public byte[] SealUdpOption(FlowKey flow, long epochIndex, uint psntp, PdmMetrics metrics)
    {
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize], rest = new byte[32];
        UdpOption.WriteAssociatedData(
            associatedData, isProtected: true, Announcement.ExId, Announcement.Timetable.EpochOf(epochIndex), psntp);
        Encrypt(flow, Carriage.UdpOption, epochIndex, psntp, metrics, associatedData, rest);
        byte[] surplus = new byte[UdpOption.ProtectedSurplusSize];
        UdpOption.WriteProtected(surplus, startsAtOddOffset: false, associatedData, rest.AsSpan(0, 16), rest.AsSpan(16));
        return surplus;
    }

    /// <summary>Writes ciphertext and tag.</summary>
    private void Encrypt(
        FlowKey flow, Carriage carriage, long epochIndex, uint psntp, PdmMetrics metrics,
        ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag)
    {
        ushort epoch = Announcement.Timetable.EpochOf(epochIndex);
        byte[] pairSecret = new byte[32], nonce = new byte[12], baseNonce = new byte[12], block = new byte[16];
        byte[] key = new byte[Suites.KeySize(Announcement.Suite)];
        KeyDerivation.PairSecret(BaseSecret, flow.Source, flow.Destination, pairSecret);
        KeyDerivation.SessionKey(pairSecret, Announcement.Suite, epoch, key, baseNonce);
        Nonce.Build(baseNonce, flow, carriage, epoch, psntp, nonce);
        metrics.Write(block);
        using AesGcm gcm = new(key, 16);
        gcm.Encrypt(nonce, block, ciphertextAndTag[..16], ciphertextAndTag[16..], associatedData);
    }

    /// <summary>As an observer would record it.</summary>
    public static Observation Observe(FlowKey flow, ReadOnlySpan<byte> option, ulong atNs) => new(
        flow, atNs, ObservationVerdict.NoKey, Observation.NoRule, 64, 0, 0, 0, 0, false, 0, 0,
        (byte)option.Length, OptionBytes.From(option));
}
