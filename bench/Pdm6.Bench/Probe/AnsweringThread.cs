using Pdm6.Lab;
using Pdm6.Probe;
using Pdm6.Probe.Reflecting;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>A reflector at work on a thread of its own, whose processor time is known at its end.</summary>
internal sealed class AnsweringThread : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Reflector _reflector;
    private readonly Thread _thread;
    private long _cpuNs;

    /// <param name="host">Where it answers.</param>
    /// <param name="address">The address that it listens on, at the usual port.</param>
    /// <param name="key">Null for unauthenticated STAMP.</param>
    public AnsweringThread(NetworkNamespace host, Ipv6Address address, KeyFile? key)
    {
        _reflector = host.Within(() => Reflector.Open(new ReflectorOptions
        {
            Protocol = key is null ? ProbeProtocol.Stamp : ProbeProtocol.UdpFrame,
            Address = address,
            Port = ProbePorts.Of(key is null ? ProbeProtocol.Stamp : ProbeProtocol.UdpFrame),
            Key = key,
            Limits = ReflectorLimits.Usual with { RepliesPerSecond = int.MaxValue },
        }));
        _thread = new Thread(() => _cpuNs = ThreadClock.Measure(() => _reflector.Run(_stop.Token)));
        _thread.Start();
    }

    public long Answered => _reflector.Counters[ReflectorOutcome.Answered];

    /// <summary>Ends it; returns its processor time, nanoseconds.</summary>
    public long Stop()
    {
        _stop.Cancel();
        _thread.Join();
        return _cpuNs;
    }

    public void Dispose()
    {
        Stop();
        _reflector.Dispose();
        _stop.Dispose();
    }
}
