using System.Text.Json.Serialization;

namespace Pdm6.Agent.Status;

/// <summary>Source-generated JSON of <see cref="AgentStatus"/>: camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AgentStatus))]
internal sealed partial class AgentStatusJson : JsonSerializerContext;
