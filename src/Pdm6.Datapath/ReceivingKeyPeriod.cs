namespace Pdm6.Datapath;

/// <summary>When a receiving key is good, and where its epoch stands in the order of all epochs of the sender.</summary>
/// <param name="ContextOrder">Rises with the sender's announcements.</param>
/// <param name="EpochIndex">Rises with the context's timetable.</param>
/// <param name="NotBeforeNs">Boot clock.</param>
/// <param name="NotAfterNs">Boot clock.</param>
public readonly record struct ReceivingKeyPeriod(ulong ContextOrder, ulong EpochIndex, ulong NotBeforeNs, ulong NotAfterNs);
