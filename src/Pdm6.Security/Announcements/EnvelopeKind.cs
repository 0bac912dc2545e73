namespace Pdm6.Security.Announcements;

/// <summary>What an envelope holds. The signature is of the kind's label too, so one cannot pass for another.</summary>
public enum EnvelopeKind
{
    /// <summary>A participant's HPKE keys and suites: label "pdm6 v1 key bundle".</summary>
    KeyBundle,
    /// <summary>A context and its sealed base secrets: label "pdm6 v1 announcement".</summary>
    Announcement,
    /// <summary>A sealed pair secret: label "pdm6 v1 grant".</summary>
    Grant,
}
