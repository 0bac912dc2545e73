namespace Pdm6.Datapath;

/// <summary>What a rule can ask, in the order in which the kernel program looks.</summary>
public enum PolicyAspect
{
    /// <summary>Upper-layer protocol.</summary>
    Protocol,
    /// <summary>Source or destination port.</summary>
    Ports,
    /// <summary>Differentiated services code point.</summary>
    Dscp,
    /// <summary>The packet's mark.</summary>
    Mark,
    /// <summary>The interface by which it leaves.</summary>
    Interface,
    /// <summary>The control group of its socket.</summary>
    Cgroup,
    /// <summary>Where it goes.</summary>
    Destination,
    /// <summary>Where it comes from.</summary>
    Source,
}
