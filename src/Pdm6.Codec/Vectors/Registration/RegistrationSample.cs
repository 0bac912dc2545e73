using System.Text.Json;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>The participants, documents and secrets that the vectors are made from. They protect nothing.</summary>
internal static class RegistrationSample
{
    public const ulong Second = 1_000_000_000, Hour = 3600 * Second;

    /// <summary>2026-03-01 12:00:00 UTC.</summary>
    public const ulong NowUnixNs = 1_772_366_400 * Second;

    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds((long)(NowUnixNs / Second));

    public static StatedAuthority Authority { get; } = new("authority", s_now.AddDays(-30), s_now.AddYears(10));
    public static StatedAuthority OtherAuthority { get; } = new("other-authority", s_now.AddDays(-30), s_now.AddYears(10));

    /// <summary>Three prefixes that touch: RFC 3779 wants a range of them.</summary>
    public static StatedParticipant HostA { get; } = Join(Authority, "host-a", Role.Endpoint, "2001:db8:a::/48", "2001:db8:b::/48", "2001:db8:c::/48");
    public static StatedParticipant HostB { get; } = Join(Authority, "host-b", Role.Endpoint, "2001:db8:100::/64");
    public static StatedParticipant Analyzer1 { get; } = Join(Authority, "analyzer-1", Role.Analyzer);
    public static StatedParticipant Analyzer2 { get; } = Join(Authority, "analyzer-2", Role.Analyzer, "2001:db8:a::/48");
    public static StatedParticipant Foreigner { get; } = Join(OtherAuthority, "foreigner", Role.Endpoint, "2001:db8:a::/48");
    public static StatedParticipant Former { get; } = new(
        Authority, "former", Role.Endpoint, s_now.AddDays(-20), s_now.AddDays(-10), "2001:db8:a::/48");

    public static IReadOnlyList<StatedParticipant> Participants { get; } = [HostA, HostB, Analyzer1, Analyzer2, Foreigner, Former];

    /// <summary>Octets 40 to 5f.</summary>
    public static byte[] BaseSecret { get; } = [.. Enumerable.Range(0x40, 32).Select(octet => (byte)octet)];

    public static byte[] PairSecret { get; } = MakePairSecret();

    public static Announcement GoodAnnouncement { get; } = new()
    {
        FormatVersion = Announcement.CurrentFormatVersion,
        ContextId = Id<ContextId>("000102030405060708090a0b0c0d0e0f"),
        IncarnationId = Id<IncarnationId>("101112131415161718191a1b1c1d1e1f"),
        Sequence = 7,
        IssuedAtUnixNs = NowUnixNs,
        NotAfterUnixNs = NowUnixNs + 24 * Hour,
        AgentName = "host-a",
        Addresses = [Ipv6Address.Parse("2001:db8:a::1"), Ipv6Address.Parse("2001:db8:c:ffff::1")],
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(100, NowUnixNs, 60 * Second, 1440),
        OptionType = Pdmv2OptionView.DefaultOptionType,
        ClockErrorBoundNs = Second,
    };

    public static Grant GoodGrant { get; } = new()
    {
        FormatVersion = Grant.CurrentFormatVersion,
        ContextId = GoodAnnouncement.ContextId,
        Source = GoodAnnouncement.Addresses[0],
        Destination = Ipv6Address.Parse("2001:db8:100::1"),
        Recipient = HostB.Hpke.PublicKey.KeyId,
        FirstEpochIndex = 0,
        LastEpochIndex = 1439,
        IssuedAtUnixNs = NowUnixNs,
    };

    /// <summary>Seals the base secret of an announcement, whose recipients are set here.</summary>
    public static (byte[] Body, SealingSteps[] Sealing) Seal(
        Announcement announcement, StatedParticipant sender, string ephemeral, params Recipient[] recipients)
    {
        announcement = announcement with { Recipients = [.. recipients.Select(recipient => recipient.Key.KeyId)] };
        byte[] octets = announcement.ToJson();
        SealingSteps[] sealing = [.. recipients.Select((recipient, i) => new SealingSteps(
            octets, SecretKind.BaseSecret, announcement.ContextId, sender.CertificateHash, recipient, BaseSecret, $"{ephemeral} {i}"))];
        return (BodyOf(octets, [.. sealing.Select(steps => steps.Sealed)]), sealing);
    }

    /// <summary>Seals the pair secret of a grant.</summary>
    public static (byte[] Body, SealingSteps[] Sealing) Seal(Grant grant, StatedParticipant sender, string ephemeral)
    {
        byte[] octets = grant.ToJson();
        SealingSteps steps = new(
            octets, SecretKind.PairSecret, grant.ContextId, sender.CertificateHash, new Recipient(HostB.Hpke.PublicKey), PairSecret, ephemeral);
        return (BodyOf(octets, steps.Sealed), [steps]);
    }

    public static byte[] BodyOf(byte[] announcement, IReadOnlyList<SealedSecret> secrets) =>
        JsonSerializer.SerializeToUtf8Bytes(new AnnouncementBody(announcement, secrets), EnvelopeJson.Default.AnnouncementBody);

    public static byte[] BodyOf(byte[] grant, SealedSecret secret) =>
        JsonSerializer.SerializeToUtf8Bytes(new GrantBody(grant, secret), EnvelopeJson.Default.GrantBody);

    private static StatedParticipant Join(StatedAuthority authority, string name, Role role, params string[] prefixes) =>
        new(authority, name, role, s_now.AddDays(-1), s_now.AddDays(29), prefixes);

    private static byte[] MakePairSecret()
    {
        byte[] secret = new byte[KeyDerivation.SecretSize];
        KeyDerivation.PairSecret(BaseSecret, Ipv6Address.Parse("2001:db8:a::1"), Ipv6Address.Parse("2001:db8:100::1"), secret);
        return secret;
    }

    private static T Id<T>(string hex)
        where T : struct, IHexIdentifier<T> =>
        T.From(UInt128.Parse(hex, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture));
}
