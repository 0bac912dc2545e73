using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>A host that seals options as the datapath does, all in one epoch, and can tell others of its context.</summary>
internal sealed class SealingHost
{
    private const int KeySize = 32;

    private readonly Dictionary<Ipv6Address, (byte[] Key, byte[] BaseNonce)> _keys = [];
    private readonly ushort _epoch;

    public SealingHost(string name, Ipv6Address address, ulong nowUnixNs, byte[]? baseSecret = null)
    {
        Address = address;
        BaseSecret = baseSecret ?? RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);
        Announcement = new Announcement
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = IncarnationId.NewRandom(),
            Sequence = nowUnixNs,
            IssuedAtUnixNs = nowUnixNs,
            NotAfterUnixNs = nowUnixNs + 3_600_000_000_000,
            AgentName = name,
            Addresses = [address],
            Suite = Suite.Aes256Gcm,
            Timetable = EpochTimetable.NewRandom(nowUnixNs, EpochTimetable.DefaultLengthNs),
            OptionType = Pdmv2OptionView.DefaultOptionType,
            ClockErrorBoundNs = 1000,
        };
        _epoch = Announcement.Timetable.EpochOf(Announcement.Timetable.IndexAt(nowUnixNs));
    }

    public Ipv6Address Address { get; }

    public Announcement Announcement { get; }

    public byte[] BaseSecret { get; }

    /// <summary>The session key and base nonce for what goes to a destination.</summary>
    public (byte[] Key, byte[] BaseNonce) KeyFor(Ipv6Address destination)
    {
        if (_keys.TryGetValue(destination, out (byte[] Key, byte[] BaseNonce) known))
            return known;
        byte[] pairSecret = new byte[KeyDerivation.SecretSize], key = new byte[KeySize], baseNonce = new byte[Nonce.Size];
        KeyDerivation.PairSecret(BaseSecret, Address, destination, pairSecret);
        KeyDerivation.SessionKey(pairSecret, Announcement.Suite, _epoch, key, baseNonce);
        return _keys[destination] = (key, baseNonce);
    }

    /// <summary>Writes an option and the nonce that it was sealed with.</summary>
    public void Seal(in FlowKey flow, uint psntp, in PdmMetrics metrics, Span<byte> nonce, Span<byte> option)
    {
        (byte[] key, byte[] baseNonce) = KeyFor(flow.Destination);
        Nonce.Build(baseNonce, flow, Carriage.DestinationOptionV2, _epoch, psntp, nonce);
        Pdmv2OptionView.WriteHeader(option, Announcement.OptionType, isProtected: true, _epoch, psntp);
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        metrics.Write(block);
        using AesGcm gcm = new(key, Pdmv2OptionView.TagSize);
        gcm.Encrypt(
            nonce, block, option[Pdmv2OptionView.AssociatedDataSize..Pdmv2OptionView.ClearSize],
            option[Pdmv2OptionView.ClearSize..], option[..Pdmv2OptionView.AssociatedDataSize]);
    }

    /// <summary>The same as somebody observed it on arrival.</summary>
    public Observation Observed(in FlowKey flow, uint psntp, in PdmMetrics metrics, ulong atUnixNs)
    {
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Span<byte> option = stackalloc byte[Pdmv2OptionView.ProtectedSize];
        Seal(flow, psntp, metrics, nonce, option);
        return Observed(flow, option, atUnixNs);
    }

    public static Observation Observed(in FlowKey flow, ReadOnlySpan<byte> option, ulong atUnixNs) => new(
        flow, atUnixNs, ObservationVerdict.Accepted, Rule: 0, HopLimit: 63, PayloadLength: 100, TcpFlags: 0, TcpSequence: 0,
        UpperChecksum: 0x1234, HasSent: false, LastSentPsntp: 0, SinceSentNs: 0, (byte)option.Length, OptionBytes.From(option));
}
