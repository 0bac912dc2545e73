using System.Text.Json.Serialization;
using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Contract;

/// <summary>
/// JSON between participants and registrar: camel case, every member required unless it says otherwise, null refused
/// where a value is due, no member twice, bounded depth. Unknown members are skipped, so that a newer participant can
/// talk to an older registrar.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = RegistrarLimits.DeepestJson)]
[JsonSerializable(typeof(AuthorityAnswer))]
[JsonSerializable(typeof(EnrollmentRequest))]
[JsonSerializable(typeof(EnrollmentAnswer))]
[JsonSerializable(typeof(PendingAnswer))]
[JsonSerializable(typeof(RenewalRequest))]
[JsonSerializable(typeof(RenewalAnswer))]
[JsonSerializable(typeof(SignedEnvelope))]
[JsonSerializable(typeof(IReadOnlyList<SignedEnvelope>))]
[JsonSerializable(typeof(ParticipantKeys))]
[JsonSerializable(typeof(IReadOnlyList<ParticipantKeys>))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(FeedPage))]
[JsonSerializable(typeof(ArchivePage))]
[JsonSerializable(typeof(ErrorAnswer))]
public sealed partial class RegistrarJson : JsonSerializerContext;
