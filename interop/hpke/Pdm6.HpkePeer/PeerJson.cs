using System.Text.Json.Serialization;

namespace Pdm6.HpkePeer;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Line))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class PeerJson : JsonSerializerContext;
