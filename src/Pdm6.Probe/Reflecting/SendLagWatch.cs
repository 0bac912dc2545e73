using Pdm6.Probe.Native;

namespace Pdm6.Probe.Reflecting;

/// <summary>Asks the kernel now and then when a reply left, and so keeps the <see cref="SendLag"/> up to date.</summary>
internal sealed class SendLagWatch(DatagramSocket socket) : IErrorQueueReader, IDisposable
{
    private const long AskEveryNs = 100_000;

    private readonly ErrorQueue _errors = new();
    private readonly SendLag _lag = new();
    private long _askedAtNs = long.MinValue / 2;
    private ulong _writtenAtUnixNs;
    private bool _awaitsStamp;
    private uint _number;

    /// <summary>The lag, nanoseconds.</summary>
    internal long Ns => _lag.Ns;

    /// <summary>True if the reply that is written now should carry a request for its stamp.</summary>
    internal bool TryAsk(in ReflectorTime now)
    {
        if (_awaitsStamp || now.MonotonicNs - _askedAtNs < AskEveryNs)
            return false;
        (_askedAtNs, _writtenAtUnixNs, _awaitsStamp) = (now.MonotonicNs, now.UnixNs, true);
        return true;
    }

    /// <summary>The kernel refused a reply: whether it took a number is not known.</summary>
    internal void OnRefused(int place, SendRefusal refusal)
    {
        if (place > 0 || !_awaitsStamp)
            return;
        Drain();
        socket.RestartTransmitStamps();
        (_awaitsStamp, _number) = (false, 0);
    }

    /// <summary>Takes what is in the error queue; ICMPv6 errors about replies concern nobody.</summary>
    internal void Drain() => _errors.Drain(socket, this);

    void IErrorQueueReader.OnTransmitStamp(TransmitStamp stamp)
    {
        if (!_awaitsStamp || stamp.Number != _number)
            return;
        _lag.Add((long)(stamp.LeftAtUnixNs - _writtenAtUnixNs));
        (_awaitsStamp, _number) = (false, _number + 1);
    }

    void IErrorQueueReader.OnIcmpError(in IcmpError error)
    {
    }

    public void Dispose() => _errors.Dispose();
}
