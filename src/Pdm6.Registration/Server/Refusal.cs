using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Contract;

namespace Pdm6.Registration.Server;

/// <summary>Why something is not done.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">One sentence that says what to do next.</param>
internal sealed record Refusal(int Status, string Code, string Message)
{
    public static Refusal Malformed(string message) => new(StatusCodes.Status400BadRequest, ErrorCodes.Malformed, message);

    public static Refusal Forbidden(string code, string message) => new(StatusCodes.Status403Forbidden, code, message);

    public static Refusal Conflict(string code, string message) => new(StatusCodes.Status409Conflict, code, message);

    public static Refusal Gone(string code, string message) => new(StatusCodes.Status410Gone, code, message);

    public static Refusal Revoked { get; } = Forbidden(
        ErrorCodes.Revoked, "This participant was revoked: ask the operator, and enrol with a new identity key and a new token.");

    public static Refusal Unknown { get; } = new(
        StatusCodes.Status401Unauthorized, ErrorCodes.CertificateRefused,
        "This registrar does not know the certificate's participant: enrol again with a new token.");
}
