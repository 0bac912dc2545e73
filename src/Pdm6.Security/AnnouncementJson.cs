using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>Source-generated JSON of an <see cref="Announcement"/>: camel case, every member required, no member
/// twice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(Announcement))]
public sealed partial class AnnouncementJson : JsonSerializerContext;
