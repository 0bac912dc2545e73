using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Contract;

/// <summary>The paths of a registrar. Bodies are JSON (<see cref="RegistrarJson"/>); a refusal is an
/// <see cref="ErrorAnswer"/>. Every path but the first two asks for the caller's certificate.</summary>
public static class RegistrarRoutes
{
    /// <summary>The port unless told otherwise.</summary>
    public const int DefaultPort = 8652;

    /// <summary><c>GET</c>, anyone: <see cref="AuthorityAnswer"/>.</summary>
    public const string Authority = "/v1/authority";
    /// <summary><c>POST</c> with a token: <see cref="EnrollmentRequest"/>, answered by 201 and
    /// <see cref="EnrollmentAnswer"/>, or 202 and <see cref="PendingAnswer"/>: then the same again, later. The same token
    /// and public key get the same certificate, however often they ask.</summary>
    public const string Enrollments = "/v1/enrollments";
    /// <summary><c>POST</c>, participants: <see cref="RenewalRequest"/>, answered by <see cref="RenewalAnswer"/>.</summary>
    public const string Certificates = "/v1/certificates";
    /// <summary><c>PUT</c>, participants: the <see cref="SignedEnvelope"/> of a key bundle; 204.</summary>
    public const string Keys = "/v1/keys";
    /// <summary><c>GET</c>, participants: the analyzers that are not revoked, a list of <see cref="ParticipantKeys"/>.</summary>
    public const string Analyzers = "/v1/analyzers";
    /// <summary><c>GET</c>, participants, followed by an IPv6 address: the <see cref="ParticipantKeys"/> of the endpoint
    /// with a live announcement of it; 404 if there is none.</summary>
    public const string Owners = "/v1/owners/";
    /// <summary><c>POST</c>, endpoints: the <see cref="SignedEnvelope"/> of an announcement, answered by
    /// <see cref="VersionAnswer"/> when it is durable.</summary>
    public const string Announcements = "/v1/announcements";
    /// <summary><c>GET</c> with <c>from</c> and <c>to</c> (Unix nanoseconds) and <c>after</c> (a version, 0 first),
    /// analyzers: what named the caller in that time, expired or not; an <see cref="ArchivePage"/>.</summary>
    public const string MyAnnouncements = "/v1/announcements/mine";
    /// <summary><c>POST</c>, endpoints: a list of <see cref="SignedEnvelope"/>, answered by <see cref="VersionAnswer"/>
    /// when they are durable: all of them or, with an error, none.</summary>
    public const string Grants = "/v1/grants";
    /// <summary><c>GET</c> with <c>after</c> (a version, 0 first) and <c>waitSeconds</c>, participants: a
    /// <see cref="FeedPage"/>, as soon as there is something after that version.</summary>
    public const string Feed = "/v1/feed";
}
