using System.Text.Json.Serialization;

namespace Pdm6.Collector.Api;

/// <summary>JSON of the web interface: camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<GroupView>))]
[JsonSerializable(typeof(IReadOnlyList<WindowView>))]
[JsonSerializable(typeof(IReadOnlyList<FlowView>))]
[JsonSerializable(typeof(IReadOnlyList<AgentView>))]
[JsonSerializable(typeof(TotalsView))]
[JsonSerializable(typeof(IReadOnlyList<ProbeView>))]
[JsonSerializable(typeof(IReadOnlyList<ProbeRoundView>))]
public sealed partial class ApiJson : JsonSerializerContext;
