using System.Text.Json.Serialization;

namespace Pdm6.Agent.Policy;

/// <summary>Source-generated JSON of <see cref="FlowQuestion"/> and <see cref="FlowExplanation"/>: camel case, a
/// line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FlowQuestion))]
[JsonSerializable(typeof(FlowExplanation))]
internal sealed partial class FlowExplanationJson : JsonSerializerContext;
