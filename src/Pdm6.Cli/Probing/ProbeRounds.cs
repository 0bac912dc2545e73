using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Probe;
using Pdm6.Probe.Registered;
using Pdm6.Probe.Reports;

namespace Pdm6.Cli.Probing;

/// <summary>Runs a prober once, or round after round, and tells a collector if there is one.</summary>
/// <param name="Options">What each round asks.</param>
/// <param name="CreateReport">Makes the report of a round.</param>
/// <param name="Every">A round begins so often; null for one round.</param>
/// <param name="Keys">Where the keys come from, if from a registrar.</param>
/// <param name="Collector">Where rounds are reported to; null for nowhere.</param>
/// <param name="Name">What this host calls itself there.</param>
internal sealed record ProbeRounds(
    ProberOptions Options, Func<IProbeReport> CreateReport, TimeSpan? Every, RegisteredProber? Keys, CollectorClient? Collector,
    string Name)
{
    /// <summary>Runs until the round is over, or <paramref name="stop"/>; returns the exit code, which is that of the
    /// last round.</summary>
    internal int Run(TextWriter errors, CancellationToken stop)
    {
        DateTime begun = DateTime.UtcNow;
        int exitCode;
        do
        {
            DateTime from = DateTime.UtcNow;
            IReadOnlyList<ProbeSummary> summaries = Prepare(errors, stop) is { Targets.Count: > 0 } ready ? RunOne(ready, stop) : [];
            exitCode = ExitCodeOf(summaries);
            if (Collector is not null && summaries.Count > 0)
                Tell(summaries, from, errors);
        }
        while (Every is { } every && !stop.WaitHandle.WaitOne(UntilNext(begun, every)));
        return exitCode;
    }

    /// <summary>Leaves out targets that have no keys, and says why; ends the run before the keys do.</summary>
    private ProberOptions Prepare(TextWriter errors, CancellationToken stop)
    {
        if (Keys is null)
            return Options;
        IReadOnlyList<ProbeTarget> ready = Keys.PrepareAsync(
            Options.Targets, (target, reason) => errors.WriteLine($"pdm6 probe: {target.Name} is not asked: {reason}"), stop).GetAwaiter().GetResult();
        TimeSpan usable = Keys.UsableFor(ready) - Options.Timeout;
        return Options with { Targets = ready, FrameKeys = Keys, Duration = Options.Duration < usable ? Options.Duration : usable };
    }

    private IReadOnlyList<ProbeSummary> RunOne(ProberOptions options, CancellationToken stop)
    {
        IProbeReport report = CreateReport();
        using Prober prober = Prober.Open(options, report);
        report.Start(options);
        IReadOnlyList<ProbeSummary> summaries = prober.Run(stop);
        foreach (ProbeSummary silent in summaries.Where(summary => summary.Received == 0))
            Keys?.Forget(silent.Target);
        report.Finish(summaries, prober.SocketDrops);
        return summaries;
    }

    /// <summary>As ping: 1 if nobody answered, or fewer than were asked for before the deadline.</summary>
    private int ExitCodeOf(IReadOnlyList<ProbeSummary> summaries)
    {
        bool isWhole = Options is not { Count: { } count, Deadline: not null } || summaries.All(summary => summary.Received >= count);
        return isWhole && summaries.Any(summary => summary.Received > 0) ? ExitCode.Success : ExitCode.Failure;
    }

    private void Tell(IReadOnlyList<ProbeSummary> summaries, DateTime from, TextWriter errors)
    {
        ulong fromUnixNs = UnixNs(from), toUnixNs = UnixNs(DateTime.UtcNow);
        ProbeRound[] reports = [.. summaries.Select(summary => new ProbeRound(
            Name, summary.Target.Name, summary.Target.Address, fromUnixNs, Math.Max(fromUnixNs, toUnixNs), summary.Sent,
            summary.Received, Direction(summary.There), Direction(summary.Back),
            LatencyHistogramRecord.Write(summary.RoundTrip.Histogram)))];
        // A round that the collector did not get is missing there; the next one is not held up for it.
        CollectorReply reply = Collector!.PostProbesAsync(reports, CancellationToken.None).GetAwaiter().GetResult();
        if (!reply.IsAccepted)
            errors.WriteLine($"pdm6 probe: the collector did not take this round: {reply.Reason}");
    }

    private static TimeSpan UntilNext(DateTime begun, TimeSpan every) =>
        every - TimeSpan.FromTicks((DateTime.UtcNow - begun).Ticks % every.Ticks);

    private static ulong UnixNs(DateTime instant) => (ulong)(instant - DateTime.UnixEpoch).Ticks * 100;

    private static ProbeDirection Direction(DirectionSummary counts) =>
        new(counts.Sent, counts.Lost, counts.Duplicated, counts.Reordered);
}
