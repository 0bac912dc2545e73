using System.Text.Json.Serialization;

namespace Pdm6.Export;

/// <summary>
/// JSON between agents and collectors: camel case, every member required, null refused, unknown members skipped so
/// that a newer agent can talk to an older collector.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentDescription))]
[JsonSerializable(typeof(AnnouncementPage))]
[JsonSerializable(typeof(CounterReport))]
[JsonSerializable(typeof(IReadOnlyList<ProbeRound>))]
public sealed partial class ExportJson : JsonSerializerContext;
