namespace Pdm6.Capture.Analysis;

/// <summary>What is known of a packet that waits for its turn, beside what was observed of it.</summary>
/// <param name="Number">The how manieth packet with a measurement it is.</param>
/// <param name="StoreOffset">Where the octets of what is longer than an option begin in the queue's store.</param>
/// <param name="StoreLength">How many they are.</param>
/// <param name="Carrier">What carries the measurement.</param>
internal readonly record struct PendingPacket(long Number, int StoreOffset, int StoreLength, Carrier Carrier);
