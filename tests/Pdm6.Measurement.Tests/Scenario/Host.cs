using Pdm6.Wire;

namespace Pdm6.Measurement.Tests.Scenario;

/// <summary>
/// One end of a conversation, as the kernel programs keep it: numbers what it sends, times it, accepts what is ahead
/// (protocol reference, sections 8 and 9) and observes everything.
/// </summary>
internal sealed class Host(FlowKey flow, uint firstPsntp = 1000, ulong clockOffsetNs = 0)
{
    private uint _next = firstPsntp;
    private ulong? _sentAtNs;
    private ulong? _receivedAtNs;
    private bool _hasReceivedSinceSent;
    private (UInt128 Context, long Epoch, uint Psntp)? _accepted;

    public UInt128 Context { get; set; } = flow.Source.Value;
    public long EpochIndex { get; set; }
    public byte HopLimit { get; set; } = 63;
    /// <summary>Lets copies update state, against section 9.</summary>
    public bool AcceptsCopies { get; set; }
    public FlowKey Flow => flow;

    public SentPacket Send(ulong atNs, int payload = 0, uint tcpSequence = 0, ushort checksum = 0)
    {
        PdmMetrics metrics = new(
            _accepted?.Psntp ?? 0, 1,
            PdmTime.FromNanoseconds(_receivedAtNs is { } received ? atNs - received : 0),
            PdmTime.FromNanoseconds(_hasReceivedSinceSent && _sentAtNs is { } sent ? _receivedAtNs!.Value - sent : 0));
        SentPacket packet = new(flow, Context, EpochIndex, _next++, metrics, atNs, (ushort)payload, tcpSequence, checksum);
        (_sentAtNs, _hasReceivedSinceSent) = (atNs, false);
        return packet;
    }

    public MeasuredPacket Receive(SentPacket packet, ulong atNs)
    {
        bool accepted = AcceptsCopies || IsAhead(packet);
        MeasuredPacket observed = new(
            packet.Flow, packet.Context, packet.EpochIndex, packet.Psntp, packet.Metrics, atNs + clockOffsetNs, accepted,
            packet.PayloadLength, packet.TcpFlags, packet.TcpSequence, packet.Checksum, HopLimit,
            HasSent: _sentAtNs is not null,
            LastSentPsntp: _sentAtNs is null ? 0 : _next - 1,
            SinceSentNs: accepted && _sentAtNs is { } sent ? atNs - sent : 0);
        if (accepted)
        {
            _accepted = (packet.Context, packet.EpochIndex, packet.Psntp);
            (_receivedAtNs, _hasReceivedSinceSent) = (atNs, true);
        }
        return observed;
    }

    /// <summary>Numbers from here on, as after a rebirth of the flow's state.</summary>
    public void Renumber(uint next) => _next = next;

    private bool IsAhead(SentPacket packet) => _accepted is not { } last
        || packet.Context != last.Context
        || packet.EpochIndex > last.Epoch
        || (packet.EpochIndex == last.Epoch && (int)(packet.Psntp - last.Psntp) > 0);
}
