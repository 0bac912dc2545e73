using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Lab;

/// <summary>One line of a relay's decision log.</summary>
/// <param name="Direction">"toServer" or "toClient".</param>
/// <param name="Ordinal">Number of the packet in its direction, from 1, in the order of coming in.</param>
/// <param name="Copy">0 for the packet, 1 for its duplicate.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="HeldBack">It was kept longer so that others overtake it.</param>
/// <param name="ArrivedAtUnixNs">The kernel's time stamp of its coming in.</param>
/// <param name="DepartedAtUnixNs">When it was sent or dropped.</param>
/// <param name="Octets">The packet from its IPv6 header on.</param>
/// <param name="Source">Source address.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="Protocol">Upper-layer protocol.</param>
/// <param name="SourcePort">Source port, as in a flow.</param>
/// <param name="DestinationPort">Destination port, as in a flow.</param>
/// <param name="Epoch">Epoch of its protected option as it left; null without one.</param>
/// <param name="Psntp">PSNTP of its protected option as it left (a tampered one may differ from what was sent).</param>
/// <param name="TamperedBit">The bit of the option that was flipped; null for none.</param>
public sealed record RelayLogEntry(
    string Direction, long Ordinal, int Copy, PacketFate Fate, bool HeldBack, long ArrivedAtUnixNs, long DepartedAtUnixNs,
    int Octets, string Source, string Destination, byte Protocol, ushort SourcePort, ushort DestinationPort,
    ushort? Epoch, uint? Psntp, int? TamperedBit)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Reads a decision log, in the order in which packets left.</summary>
    /// <exception cref="JsonException">A line is none of such a log.</exception>
    public static IEnumerable<RelayLogEntry> ReadAll(string path) => File.ReadLines(path).Select(line =>
        JsonSerializer.Deserialize<RelayLogEntry>(line, s_json) ?? throw new JsonException("An empty line."));
}
