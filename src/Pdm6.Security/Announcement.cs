using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// What a sender tells about a context (protocol reference, section 7). It holds no secret. One that came from
/// elsewhere is used only after <see cref="TryValidate"/>. <see cref="ContextId"/> and <see cref="Sequence"/> together
/// identify an announcement; compare these, not the lists inside.
/// </summary>
public sealed record Announcement
{
    /// <summary>The only format there is.</summary>
    public const int CurrentFormatVersion = 1;
    /// <summary>The most addresses that one announcement may name.</summary>
    public const int MostAddresses = 256;
    /// <summary>The largest clock error that may be announced: 60 s.</summary>
    public const ulong LargestClockErrorBoundNs = 60_000_000_000;

    private const byte PdmOptionType = 0x0f;

    /// <summary>Version of this format: <see cref="CurrentFormatVersion"/>.</summary>
    public required int FormatVersion { get; init; }
    /// <summary>Names the context.</summary>
    public required ContextId ContextId { get; init; }
    /// <summary>The sender's life that the context belongs to.</summary>
    public required IncarnationId IncarnationId { get; init; }
    /// <summary>Rises with every announcement of a sender; Unix nanoseconds at creation will do.</summary>
    public required ulong Sequence { get; init; }
    /// <summary>When it was made, nanoseconds since the Unix epoch.</summary>
    public required ulong IssuedAtUnixNs { get; init; }
    /// <summary>From when on it is history, nanoseconds since the Unix epoch.</summary>
    public required ulong NotAfterUnixNs { get; init; }
    /// <summary>The sender's name for people: letters, digits, dot, hyphen, underscore.</summary>
    public required string AgentName { get; init; }
    /// <summary>The source addresses that the context covers.</summary>
    [JsonConverter(typeof(Ipv6AddressListJsonConverter))]
    public required IReadOnlyList<Ipv6Address> Addresses { get; init; }
    /// <summary>The context's cipher.</summary>
    public required Suite Suite { get; init; }
    /// <summary>The context's epochs.</summary>
    public required EpochTimetable Timetable { get; init; }
    /// <summary>The IPv6 option type that the sender uses.</summary>
    public required byte OptionType { get; init; }
    /// <summary>Where the sender's measurements ride. An announcement that does not say means the destination option
    /// alone.</summary>
    [JsonConverter(typeof(CarriageListJsonConverter))]
    public Carriages Carriages
    {
        get;
        init => field = value == Carriages.None ? Carriages.DestinationOptionV2 : value;
    } = Carriages.DestinationOptionV2;
    /// <summary>The ExID of the sender's UDP options (RFC 9868), not 0. An announcement that does not say means
    /// <see cref="UdpOption.DefaultExId"/>.</summary>
    [JsonConverter(typeof(ExIdJsonConverter))]
    public ushort ExId
    {
        get;
        init => field = value == 0 ? UdpOption.DefaultExId : value;
    } = UdpOption.DefaultExId;
    /// <summary>The most by which the sender's clock may be wrong, nanoseconds.</summary>
    public required ulong ClockErrorBoundNs { get; init; }

    /// <summary>The keys that the base secret is sealed to (<see cref="SealedAnnouncement"/>); null where a key file gives
    /// the secrets.</summary>
    [JsonConverter(typeof(RecipientListJsonConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HpkeKeyId>? Recipients { get; init; }

    /// <summary>The announcement as JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AnnouncementJson.Default.Announcement);

    /// <summary>Reads and validates JSON from anywhere; never throws for what is in it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out Announcement? announcement, [NotNullWhen(false)] out string? error)
    {
        announcement = null;
        try
        {
            announcement = JsonSerializer.Deserialize(json, AnnouncementJson.Default.Announcement);
        }
        catch (JsonException malformed)
        {
            error = $"Not an announcement: {malformed.Message}";
            return false;
        }
        if (announcement is null)
        {
            error = "Not an announcement: null.";
            return false;
        }
        if (announcement.TryValidate(out error))
            return true;
        announcement = null;
        return false;
    }

    /// <summary>True if every member is in its range; else one line says which is not.</summary>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = FormatVersion != CurrentFormatVersion ? "The format version is not 1."
            : !ParticipantName.IsValid(AgentName, out string? nameError) ? $"The agent name {nameError}"
            : Suite is not (Suite.Aes128Gcm or Suite.Aes256Gcm) ? "The suite is unknown."
            : !IsUsableOptionType(OptionType) ? "The option type cannot be PDMv2's."
            : ((int)Carriages >> CarriageListJsonConverter.Known) != 0 ? "A carriage is unknown."
            : ClockErrorBoundNs > LargestClockErrorBoundNs ? "The clock error bound exceeds 60 s."
            : IssuedAtUnixNs >= NotAfterUnixNs ? "It expires before it was issued."
            : Addresses is null or { Count: 0 or > MostAddresses } ? "It names 1 to 256 addresses."
            : !AreSourceAddresses(Addresses) ? "An address is named twice or cannot be a source."
            : Recipients is { Count: > SealedAnnouncement.MostRecipients } ? "It names at most 64 recipients."
            : Recipients is not null && Recipients.Distinct().Count() < Recipients.Count ? "A recipient is named twice."
            : Timetable is null ? "There is no timetable."
            : Timetable.TryValidate(out string? timetableError) ? null
            : timetableError;
        return error is null;
    }

    // RFC 8200 section 4.2: the two high bits 00 make those who do not know the option skip it. 0 and 1 are padding.
    private static bool IsUsableOptionType(byte type) => type >> 6 == 0 && type > 1 && type != PdmOptionType;

    private static bool AreSourceAddresses(IReadOnlyList<Ipv6Address> addresses)
    {
        HashSet<Ipv6Address> seen = new(addresses.Count);
        foreach (Ipv6Address address in addresses)
            if (address.IsMulticast || address.Value == 0 || !seen.Add(address))
                return false;
        return true;
    }
}
