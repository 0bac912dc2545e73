namespace Pdm6.Capture.Analysis;

/// <summary>What a single sample is.</summary>
public enum SampleKind
{
    /// <summary>Time over the network and back, without the far end's own time.</summary>
    RoundTrip,
    /// <summary>From a packet's arrival at a host to the host's own packet with payload in return.</summary>
    ServerDelay,
    /// <summary>Absolute difference between a round trip and the one before it.</summary>
    Variation,
}
