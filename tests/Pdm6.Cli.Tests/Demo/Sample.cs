using Pdm6.Capture;
using Pdm6.Cli.Demo;
using Pdm6.Lab;

namespace Pdm6.Cli.Tests.Demo;

internal static class Sample
{
    internal static GroupReading Group(string name, long? roundTrip, long? serverDelay) => new(
        name, Packets: 98, Lost: 2, Hops: 1, Times(roundTrip), Times(serverDelay), Times(300_000),
        Selected: 101, Sealed: 100, new Dictionary<string, long> { ["mtu"] = 1 });

    internal static Readings Readings(long opened = 100, long failed = 0, long waiting = 0) =>
        new([Group("dns", 20_100_000, 81_000), Group("slow", 20_200_000, 50_100_000)], new TotalsReading(opened, failed, NoKey: 0, WrongEpoch: 0, waiting));

    internal static DemoEnding Ending(
        WireCensus? wire = null, long opened = 100, long failed = 0, long tampered = 0, long errors = 0, long unanswered = 0,
        long waiting = 0) => new(
        Readings(opened, failed, waiting), wire ?? Census(100, 0),
        [new TrafficReport("dig", 50, unanswered, errors, errors > 0 ? ["no servers could be reached"] : [])],
        new RelayCounters(new DirectionCounters { Tampered = tampered }, new DirectionCounters(), 0), 0,
        new ContextWatch(new Dictionary<string, string>()));

    internal static WireCensus Census(long isSealed, long clear) => new(isSealed, isSealed, isSealed, clear, Malformed: 0, UnknownVersion: 0, Unreadable: 0);

    private static DistributionReading Times(long? value) => new(value is null ? 0 : 7, value, value, value);
}
