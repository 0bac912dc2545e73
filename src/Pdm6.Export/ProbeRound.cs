using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Export;

/// <summary>What one round of probing told of one target.</summary>
/// <param name="Prober">Name of the host that asked.</param>
/// <param name="Target">Name of the host that was asked.</param>
/// <param name="Address">The address that was asked.</param>
/// <param name="FromUnixNs">When the round began.</param>
/// <param name="ToUnixNs">When it ended.</param>
/// <param name="Sent">Requests sent.</param>
/// <param name="Received">Requests answered in time.</param>
/// <param name="There">The way there.</param>
/// <param name="Back">The way back.</param>
/// <param name="RoundTrip">The round trips: a histogram as Measurement writes it.</param>
public sealed record ProbeRound(
    string Prober, string Target, [property: JsonConverter(typeof(Ipv6AddressJsonConverter))] Ipv6Address Address,
    ulong FromUnixNs, ulong ToUnixNs, long Sent, long Received, ProbeDirection There, ProbeDirection Back, byte[] RoundTrip)
{
    /// <summary>The most reports of one request.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>The longest name of a host.</summary>
    public const int LongestName = 253;

    /// <summary>Checks what came from outside; the histogram aside.</summary>
    /// <param name="error">What is wrong, in one line, when the answer is false.</param>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = null;
        if (!IsName(Prober) || !IsName(Target))
            error = $"a host's name has 1 to {LongestName} printable characters";
        else if (ToUnixNs < FromUnixNs)
            error = "a round ends before it begins";
        else if (Sent < 0 || Received < 0 || Received > Sent)
            error = "more was received than sent, or less than nothing";
        else if (!There.IsValid || !Back.IsValid)
            error = "a count of a direction is negative";
        return error is null;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl);
}
