namespace Pdm6.Collector.Windows;

/// <summary>What is counted for a group of flows. The order is that of the store's columns.</summary>
internal enum GroupCounter
{
    /// <summary>Distinct opened packets.</summary>
    Packets,
    /// <summary>Observations whose option was opened: packets and all further copies of them.</summary>
    Opened,
    /// <summary>Observations whose tag was wrong.</summary>
    AuthenticationFailed,
    /// <summary>Options that senders counted and nobody observed.</summary>
    Lost,
    /// <summary>Further copies of one packet.</summary>
    Duplicated,
    /// <summary>First copies that came after a higher number.</summary>
    Reordered,
    /// <summary>Further segments of a super-packet.</summary>
    Ambiguous,
    /// <summary>Copies so late that nobody can tell whether they are the first.</summary>
    Late,
    /// <summary>Packets that the agents' rules chose.</summary>
    Selected,
    /// <summary>Packets that left with a sealed option or as a sealed frame.</summary>
    Sealed,
    /// <summary>Packets that left with an option in clear.</summary>
    SentClear,
}
