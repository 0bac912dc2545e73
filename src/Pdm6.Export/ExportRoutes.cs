namespace Pdm6.Export;

/// <summary>The paths of a collector's ingest listener.</summary>
public static class ExportRoutes
{
    /// <summary><c>PUT</c> here, followed by the incarnation id: <see cref="AgentDescription"/>.</summary>
    public const string Agents = "/v1/agents/";
    /// <summary><c>GET</c> with <c>after</c> and <c>waitSeconds</c>: <see cref="AnnouncementPage"/>.</summary>
    public const string Announcements = "/v1/announcements";
    /// <summary><c>POST</c>: an <see cref="ObservationBatch"/>.</summary>
    public const string Observations = "/v1/observations";
    /// <summary><c>POST</c>: a <see cref="CounterReport"/>.</summary>
    public const string Counters = "/v1/counters";
    /// <summary><c>POST</c>: a list of <see cref="ProbeRound"/>.</summary>
    public const string Probes = "/v1/probes";
    /// <summary>The longest time that a request for announcements may wait for a newer version.</summary>
    public const int LongestWaitSeconds = 60;
}
