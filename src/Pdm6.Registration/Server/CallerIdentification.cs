using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>Tells who is at the other end. The signature on a certificate is checked once for each connection.</summary>
internal sealed class CallerIdentification(AuthorityCertificate authority, TimeProvider time)
{
    private static readonly object _key = new();

    private static readonly Refusal _required = new(
        StatusCodes.Status401Unauthorized, ErrorCodes.CertificateRequired,
        "This asks for the certificate of a participant: enrol first ('pdm6 enroll'), and connect with the certificate.");

    /// <summary>The caller, or why it is nobody.</summary>
    public Decision<Caller> Identify(HttpContext context)
    {
        // HTTP/2 has a connection of its own below each stream's items.
        IDictionary<object, object?> items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        Decision<Caller> known;
        lock (items)
        {
            if (items.TryGetValue(_key, out object? found))
                known = (Decision<Caller>)found!;
            else
                items[_key] = known = Read(context.Connection.ClientCertificate);
        }
        if (known.IsRefused)
            return known;
        return known.Result.Certificate.IsValidAt((ulong)time.UnixNs())
            ? known
            : Refused("Its time has passed or has not begun: check the clock, and enrol again if it has passed.");
    }

    private Decision<Caller> Read(X509Certificate2? certificate)
    {
        if (certificate is null)
            return _required;
        if (!ParticipantCertificate.TryParse(certificate.RawData, out ParticipantCertificate? participant, out string? error))
            return Refused(error);
        return participant.IsIssuedBy(authority)
            ? new Caller(participant)
            : Refused("Another authority issued it: enrol with this registrar, or ask the one that issued it.");
    }

    private static Refusal Refused(string why) =>
        new(StatusCodes.Status401Unauthorized, ErrorCodes.CertificateRefused, $"The certificate is refused. {why}");
}
