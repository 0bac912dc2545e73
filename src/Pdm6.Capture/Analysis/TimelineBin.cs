using Pdm6.Measurement;

namespace Pdm6.Capture.Analysis;

/// <summary>What was measured in one span of time.</summary>
public sealed class TimelineBin
{
    /// <summary>Packets that count.</summary>
    public long Packets { get; private set; }
    /// <summary>Numbers that were found missing, less those that still came.</summary>
    public long Lost { get; private set; }
    /// <summary>Round trips.</summary>
    public LatencyHistogram RoundTrip { get; } = new();
    /// <summary>Turnarounds, payload to payload.</summary>
    public LatencyHistogram ServerDelay { get; } = new();

    internal void Count(int lostChange)
    {
        Packets++;
        Lost += lostChange;
    }

    internal void Add(TimelineBin other)
    {
        Packets += other.Packets;
        Lost += other.Lost;
        RoundTrip.Add(other.RoundTrip);
        ServerDelay.Add(other.ServerDelay);
    }
}
