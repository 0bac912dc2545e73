using System.Text.Json.Serialization;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Identities;

/// <summary>The JSON files of an identity directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    Converters = [typeof(JsonStringEnumConverter<Role>)])]
[JsonSerializable(typeof(EnrollmentRecord))]
[JsonSerializable(typeof(KeyRingRecord))]
internal sealed partial class IdentityJson : JsonSerializerContext;
