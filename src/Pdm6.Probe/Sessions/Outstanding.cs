namespace Pdm6.Probe.Sessions;

/// <summary>What became of a request so far.</summary>
internal enum RequestState : byte
{
    /// <summary>No reply yet.</summary>
    Waiting,
    /// <summary>Answered, in time or late.</summary>
    Answered,
    /// <summary>Its time is up.</summary>
    Lost,
    /// <summary>The kernel did not send it.</summary>
    NotSent,
}

/// <summary>One request that is remembered.</summary>
internal struct Outstanding
{
    internal uint Index;
    internal RequestState State;
    /// <summary>The prober's own clocks just before sending.</summary>
    internal ulong SentAtUnixNs;
    internal long SentAtNs;
    /// <summary>The kernel's time stamp; 0 as long as there is none.</summary>
    internal ulong LeftAtUnixNs;
    internal uint? ReplyNumber;
    /// <summary>Null without a sample.</summary>
    internal long? RoundTripNs;
    /// <summary>Differences of two clocks: good for variation, whatever the clocks' offset.</summary>
    internal long? ThereNs;
    internal long? BackNs;
}
