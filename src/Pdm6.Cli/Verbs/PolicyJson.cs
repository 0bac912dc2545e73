using System.Text.Json.Serialization;
using Pdm6.Agent.Policy;

namespace Pdm6.Cli.Verbs;

/// <summary>Source-generated JSON of what <c>pdm6 agent policy</c> finds: camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PolicyExplanation))]
[JsonSerializable(typeof(FlowExplanation))]
[JsonSerializable(typeof(IReadOnlyList<PolicyWarning>))]
internal sealed partial class PolicyJson : JsonSerializerContext;
