using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>A few packets that were taken from a <see cref="PendingQueue"/>, next to each other in memory.</summary>
internal sealed class PendingRun
{
    public const int Capacity = 128;

    private readonly Observation[] _seen = new Observation[Capacity];
    private readonly PendingPacket[] _packets = new PendingPacket[Capacity];

    public int Count { get; private set; }

    /// <summary>What was observed of each packet; of what is longer than an option, without its octets.</summary>
    public ReadOnlySpan<Observation> Seen => _seen.AsSpan(0, Count);

    /// <summary>What else is known of each.</summary>
    public ReadOnlySpan<PendingPacket> Packets => _packets.AsSpan(0, Count);

    /// <summary>Fetches packets in an order, and does nothing else meanwhile: what lies scattered over memory is then fetched
    /// at the same time, not one after the other.</summary>
    /// <param name="packets">All that wait.</param>
    /// <param name="order">Which of them.</param>
    /// <param name="firstNumber">The how manieth packet with a measurement the first of all is.</param>
    public void Fetch(ReadOnlySpan<QueuedPacket> packets, ReadOnlySpan<int> order, long firstNumber)
    {
        Count = order.Length;
        for (int i = 0; i < order.Length; i++)
        {
            ref readonly QueuedPacket packet = ref packets[order[i]];
            _seen[i] = packet.ToObservation();
            _packets[i] = packet.ToPending(firstNumber + order[i]);
        }
    }
}
