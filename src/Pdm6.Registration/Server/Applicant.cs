using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>Who asks to be enrolled as what, checked as far as it can be without the store.</summary>
/// <param name="Name">A valid name.</param>
/// <param name="Role">The role asked for.</param>
/// <param name="Request">The certificate request, whose signature holds.</param>
/// <param name="Prefixes">The prefixes asked for; null if it is left to whoever decides.</param>
internal sealed record Applicant(string Name, Role Role, ParticipantRequest Request, IReadOnlyList<Ipv6Prefix>? Prefixes)
{
    /// <summary>Reads a request from anywhere.</summary>
    public static Decision<Applicant> Read(EnrollmentRequest request)
    {
        if (!ParticipantName.IsValid(request.Name, out string? nameError))
            return new Refusal(400, ErrorCodes.BadName, $"The name {nameError} Choose another one with --name.");
        if (!RoleText.TryParse(request.Role, out Role role))
            return Refusal.Malformed("The role must be endpoint or analyzer.");
        if (!ParticipantRequest.TryParse(request.Request, out ParticipantRequest? certificateRequest, out string? requestError))
            return new Refusal(400, ErrorCodes.BadCertificateRequest, requestError);
        if (request.Prefixes is null)
            return new Applicant(request.Name, role, certificateRequest, null);
        if (request.Prefixes.Count > RegistrarLimits.MostPrefixes)
            return Refusal.Malformed($"A participant has at most {RegistrarLimits.MostPrefixes} prefixes.");
        List<Ipv6Prefix> prefixes = [];
        foreach (string? text in request.Prefixes)
        {
            if (!Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix))
                return Refusal.Malformed("A prefix is written like 2001:db8::/64, without bits behind its length.");
            prefixes.Add(prefix);
        }
        return new Applicant(request.Name, role, certificateRequest, prefixes);
    }
}
