using System.Text.Json.Serialization;

namespace Pdm6.Agent.Paths;

/// <summary>Source-generated JSON of <see cref="PathSurvey"/>: camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PathSurvey))]
internal sealed partial class PathSurveyJson : JsonSerializerContext;
