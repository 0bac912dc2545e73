using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pdm6.Wire;

namespace Pdm6.Security.Announcements;

/// <summary>
/// Which pair secret is handed to whom (protocol reference, section 7): with it the far end can authenticate the packets
/// of one directed address pair, and nothing else. It holds no secret.
/// </summary>
public sealed record Grant
{
    /// <summary>The only format there is.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>Version of this format: <see cref="CurrentFormatVersion"/>.</summary>
    public required int FormatVersion { get; init; }
    /// <summary>The context that the pair belongs to.</summary>
    public required ContextId ContextId { get; init; }
    /// <summary>The sender's address.</summary>
    [JsonConverter(typeof(Ipv6AddressJsonConverter))]
    public required Ipv6Address Source { get; init; }
    /// <summary>The recipient's address.</summary>
    [JsonConverter(typeof(Ipv6AddressJsonConverter))]
    public required Ipv6Address Destination { get; init; }
    /// <summary>The recipient's key.</summary>
    [JsonConverter(typeof(HpkeKeyIdJsonConverter))]
    public required HpkeKeyId Recipient { get; init; }
    /// <summary>The first index of the context's timetable for which the sender means it.</summary>
    public required uint FirstEpochIndex { get; init; }
    /// <summary>The last such index. The pair secret itself would reach further: this is what the sender says, not what
    /// the secret can.</summary>
    public required uint LastEpochIndex { get; init; }
    /// <summary>When it was made, nanoseconds since the Unix epoch.</summary>
    public required ulong IssuedAtUnixNs { get; init; }

    /// <summary>The grant as JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EnvelopeJson.Default.Grant);

    /// <summary>True if every member is in its range; else one line says which is not.</summary>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = FormatVersion != CurrentFormatVersion ? "The format version is not 1."
            : FirstEpochIndex > LastEpochIndex ? "It ends before it begins."
            : LastEpochIndex >= EpochTimetable.EpochCount ? "A context has at most 4096 epochs."
            : !IsHost(Source) || !IsHost(Destination) ? "An address cannot be a host's."
            : Source == Destination ? "Source and destination are the same."
            : null;
        return error is null;
    }

    private static bool IsHost(Ipv6Address address) => !address.IsMulticast && address.Value != 0;
}
