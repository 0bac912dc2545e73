using System.Text.Json.Serialization;

namespace Pdm6.Security.Announcements;

/// <summary>Source-generated JSON of what is signed: camel case, every member required unless it says otherwise, no
/// member twice. Octets are base64 (RFC 4648 section 4), with padding.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(SignedEnvelope))]
[JsonSerializable(typeof(AnnouncementBody))]
[JsonSerializable(typeof(GrantBody))]
[JsonSerializable(typeof(Grant))]
[JsonSerializable(typeof(KeyBundle))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
