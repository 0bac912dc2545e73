using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Support;

/// <summary>One end of a flow, as the kernel programs keep it (protocol reference, sections 8 and 9): numbers what it
/// sends, times it, accepts what is ahead.</summary>
internal sealed class Host(FlowKey flow, uint firstPsntp = 1000)
{
    private uint _next = firstPsntp;
    private ulong? _sentAtNs;
    private ulong? _receivedAtNs;
    private bool _hasReceivedSinceSent;
    private uint? _accepted;

    public FlowKey Flow => flow;

    /// <summary>The numbers that the next packet carries.</summary>
    public (uint Psntp, PdmMetrics Metrics) Send(ulong atNs)
    {
        PdmMetrics metrics = new(
            _accepted ?? 0, _next,
            PdmTime.FromNanoseconds(_receivedAtNs is { } received ? atNs - received : 0),
            PdmTime.FromNanoseconds(_hasReceivedSinceSent && _sentAtNs is { } sent ? _receivedAtNs!.Value - sent : 0));
        (_sentAtNs, _hasReceivedSinceSent) = (atNs, false);
        return (_next++, metrics);
    }

    public void Receive(uint psntp, ulong atNs)
    {
        if (_accepted is { } last && (int)(psntp - last) <= 0)
            return;
        (_accepted, _receivedAtNs, _hasReceivedSinceSent) = (psntp, atNs, true);
    }
}
