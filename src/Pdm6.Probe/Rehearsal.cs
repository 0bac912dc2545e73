using Pdm6.Probe.Frames;
using Pdm6.Probe.Native;
using Pdm6.Probe.Reflecting;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe;

/// <summary>
/// A prober asks a reflector of this very process, over loopback, before either is used in earnest: the first call of
/// every method is compiled, which takes tens of milliseconds that must not show up in the first round trips.
/// </summary>
internal static class Rehearsal
{
    private const int Requests = 3;
    private static readonly Ipv6Address s_loopback = Ipv6Address.Parse("::1");
    private static int s_played; // a bit for each protocol

    /// <summary>Does it once in the life of the process. A host whose loopback is down goes without.</summary>
    internal static void Play(ProbeProtocol protocol, KeyFile? key)
    {
        int bit = 1 << (int)protocol;
        if ((Interlocked.Or(ref s_played, bit) & bit) != 0)
            return;
        using OwnFrameKeys? own = protocol == ProbeProtocol.UdpFrame && key is null ? new OwnFrameKeys(s_loopback, SystemClock.UnixNs) : null;
        if (TryOpenReflector(protocol, key, own) is not { } opened)
            return;
        using Reflector reflector = opened;
        using CancellationTokenSource stop = new();
        Task answering = Task.Factory.StartNew(
            () => reflector.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        ProberOptions options = new()
        {
            Targets = [new ProbeTarget("rehearsal", s_loopback, reflector.Port)],
            Protocol = protocol,
            Key = key,
            FrameKeys = own,
            Count = Requests,
            Pace = Pace.PerSecond(1_000),
            Timeout = TimeSpan.FromMilliseconds(200),
        };
        using (Prober prober = Prober.OpenUnrehearsed(options, new NoSink()))
            prober.Run(CancellationToken.None);
        stop.Cancel();
        answering.GetAwaiter().GetResult();
    }

    private static Reflector? TryOpenReflector(ProbeProtocol protocol, KeyFile? key, IFrameKeys? own)
    {
        try
        {
            return Reflector.OpenUnrehearsed(new ReflectorOptions
            {
                Protocol = protocol,
                Address = s_loopback,
                Port = 0,
                Key = key,
                FrameKeys = own,
            });
        }
        catch (ProbeException)
        {
            return null; // without loopback the first round trips are a little longer, that is all
        }
    }

    private sealed class NoSink : IProbeSink;
}
