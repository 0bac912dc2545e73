namespace Pdm6.Probe.Sessions;

/// <summary>What the times of one request and its reply come to. Pure arithmetic.</summary>
internal readonly struct RoundTripSample
{
    // Clocks that are being steered run up to 500 ppm apart.
    private const long SteeredPart = 1_000, ReadingNs = 1_000;

    private RoundTripSample(in Outstanding request, in ReplyFacts reply, in Arrival arrival)
    {
        long byProgram = arrival.NowNs - request.SentAtNs;
        long byKernel = (long)(arrival.StampedAtUnixNs - request.LeftAtUnixNs);
        // The kernel stamps after the program sent and before it received; if not, its clock was set in between.
        HasKernelStamps = request.LeftAtUnixNs > 0 && arrival.StampedAtUnixNs > 0
            && byKernel > 0 && byKernel <= byProgram + byProgram / SteeredPart + ReadingNs;
        long total = HasKernelStamps ? byKernel : byProgram;
        SentAtUnixNs = HasKernelStamps ? request.LeftAtUnixNs : request.SentAtUnixNs;
        ReceivedAtUnixNs = SentAtUnixNs + (ulong)total;
        if (reply is { RequestReceivedAtUnixNs: { } there, ReplySentAtUnixNs: { } back })
        {
            long atReflector = (long)(back - there);
            ReflectorNs = atReflector;
            RoundTripNs = atReflector >= 0 && atReflector < total ? total - atReflector : null;
            ThereNs = (long)(there - SentAtUnixNs);
            BackNs = (long)(ReceivedAtUnixNs - back);
        }
        else
        {
            RoundTripNs = total;
        }
    }

    /// <summary>When the request left, Unix time.</summary>
    internal ulong SentAtUnixNs { get; }

    /// <summary>When the reply came in, Unix time.</summary>
    internal ulong ReceivedAtUnixNs { get; }

    /// <summary>Both ends are the kernel's time stamps; else the program's own clock.</summary>
    internal bool HasKernelStamps { get; }

    /// <summary>Time on the network; null if the reflector's times contradict it.</summary>
    internal long? RoundTripNs { get; }

    /// <summary>Time at the reflector, by its clock; 0 if it does not say.</summary>
    internal long ReflectorNs { get; }

    /// <summary>The reflector's clock on receipt minus ours on sending; null if it does not say.</summary>
    internal long? ThereNs { get; }

    /// <summary>Our clock on receipt minus the reflector's on sending; null if it does not say.</summary>
    internal long? BackNs { get; }

    internal static RoundTripSample Take(in Outstanding request, in ReplyFacts reply, in Arrival arrival) =>
        new(request, reply, arrival);
}
