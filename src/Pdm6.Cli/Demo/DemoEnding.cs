using Pdm6.Capture;
using Pdm6.Datapath;
using Pdm6.Lab;

namespace Pdm6.Cli.Demo;

/// <summary>How a run ended, and whether it is what a run must be.</summary>
/// <param name="Readings">What the collector knew in the end.</param>
/// <param name="Wire">What the router saw.</param>
/// <param name="Traffic">How the applications fared.</param>
/// <param name="Relay">What the path did.</param>
/// <param name="PacketsNotCaptured">Packets that the captures missed.</param>
/// <param name="Contexts">Which contexts the agents used.</param>
internal sealed record DemoEnding(
    Readings Readings, WireCensus Wire, IReadOnlyList<TrafficReport> Traffic, RelayCounters Relay, long PacketsNotCaptured,
    ContextWatch Contexts)
{
    internal long ApplicationErrors => Traffic.Sum(report => report.ApplicationErrors(pathLosesPackets: true));

    internal long Tampered => Relay.ToServer.Tampered + Relay.ToClient.Tampered;

    private long LostByTheHost => Relay.ToServer.KernelDrops + Relay.ToClient.KernelDrops + PacketsNotCaptured;

    /// <summary>True if all is as it must be: every option sealed, none but the tampered failing, no application harmed.</summary>
    internal bool IsGood =>
        Wire is { Sealed: > 0, Clear: 0, Malformed: 0 } && Readings.Totals.Opened > 0 && Readings.Totals.AuthenticationFailed == Tampered
        && ApplicationErrors == 0 && NotMeasured == 0;

    /// <summary>What a change of contexts could lose: packets that found no key, and options that nobody could open.</summary>
    private long NotMeasured => WithoutKey + Readings.Totals.NoKey + Readings.Totals.WrongEpoch + Readings.Totals.Waiting;

    private long WithoutKey =>
        Readings.Groups.Sum(group => group.LeftAlone.GetValueOrDefault(PacketOutcome.NoKey.ToName())) - Contexts.WithoutKeyBefore;

    /// <summary>The run in sentences: first where the time of each service goes, then the counts.</summary>
    internal IEnumerable<string> Lines()
    {
        foreach (GroupReading group in Readings.Groups.Where(group => DemoServices.IsNamed(group.Name)))
            yield return Sentences.For(group);
        yield return "";
        yield return $"options sealed on the wire: {Wire.Sealed}";
        yield return $"clear metrics on the wire: {Wire.Clear}";
        yield return $"opened and authenticated: {Readings.Totals.Opened}";
        if (Tampered > 0 || Readings.Totals.AuthenticationFailed > 0)
            yield return $"failed authentication: {Readings.Totals.AuthenticationFailed} ({Tampered} tampered with on the way)";
        foreach (string line in Contexts.Lines())
            yield return line;
        yield return $"measurements lost over the change of contexts: {NotMeasured}";
        if (NotMeasured != 0)
            yield return $"  {WithoutKey} packets found no key; {Readings.Totals.NoKey} options of unknown contexts, "
                + $"{Readings.Totals.WrongEpoch} of wrong epochs, {Readings.Totals.Waiting} still waiting for their context";
        yield return $"application errors: {ApplicationErrors}";
        foreach (TrafficReport report in Traffic.Where(report => report.Errors > 0))
            yield return $"  {report.Name}: {report.Errors} of {report.Requests}: {string.Join("; ", report.Remarks)}";
        if (LostByTheHost > 0)
            yield return $"note: this host was too busy and lost {LostByTheHost} packets before they were forwarded or captured";
    }
}
