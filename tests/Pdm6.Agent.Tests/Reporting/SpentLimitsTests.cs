using Pdm6.Agent.Reporting;
using Pdm6.Export;

namespace Pdm6.Agent.Tests.Reporting;

public class SpentLimitsTests
{
    private readonly List<string> _log = [];

    [Theory]
    [InlineData("numbers-exhausted", "epochSeconds")]
    [InlineData("flow-table-full", "flowTableSize")]
    public void Look_PacketsMetALimit_SaysOnceWhichAndWhatToDo(string reason, string setting)
    {
        SpentLimits limits = new(_log.Add);

        limits.Look(Report((reason, 1)));
        limits.Look(Report((reason, 2)));

        Assert.Contains($"\"{setting}\"", Assert.Single(_log));
    }

    [Fact]
    public void Look_PacketsLeftAloneForOtherReasons_SaysNothing()
    {
        new SpentLimits(_log.Add).Look(Report(("mtu", 5), ("no-key", 7), ("numbers-exhausted", 0)));

        Assert.Empty(_log);
    }

    private static CounterReport Report(params (string Reason, long Count)[] leftAlone) => new(
        default, 1, [new RuleCounters("all", 100, 50, leftAlone.ToDictionary(entry => entry.Reason, entry => entry.Count))],
        new Dictionary<string, long>(), [], new Dictionary<string, long>(), 0, 0);
}
