using System.Text.Json;
using Pdm6.Cli.Demo;

namespace Pdm6.Cli.Tests.Demo;

public sealed class DemoEndingTests
{
    [Fact]
    public void Lines_OfAGoodRun_HoldTheCountsInTheirWords()
    {
        string[] lines = [.. Sample.Ending().Lines()];

        Assert.Contains("options sealed on the wire: 100", lines);
        Assert.Contains("clear metrics on the wire: 0", lines);
        Assert.Contains("opened and authenticated: 100", lines);
        Assert.Contains("application errors: 0", lines);
        Assert.StartsWith("dns:", lines[0]);
        Assert.True(Sample.Ending().IsGood);
    }

    [Fact]
    public void IsGood_ExactlyTheTamperedFailed_IsTrue()
    {
        DemoEnding ending = Sample.Ending(opened: 97, failed: 3, tampered: 3);

        Assert.True(ending.IsGood);
        Assert.Contains("failed authentication: 3 (3 tampered with on the way)", ending.Lines());
    }

    [Fact]
    public void IsGood_AnythingAmiss_IsFalse()
    {
        Assert.False(Sample.Ending(wire: Sample.Census(100, 1)).IsGood);
        Assert.False(Sample.Ending(wire: Sample.Census(0, 0)).IsGood);
        Assert.False(Sample.Ending(opened: 0).IsGood);
        Assert.False(Sample.Ending(failed: 1).IsGood);
        Assert.False(Sample.Ending(tampered: 1).IsGood);
        Assert.False(Sample.Ending(errors: 1).IsGood);
        Assert.False(Sample.Ending(waiting: 1).IsGood);
    }

    [Fact]
    public void ApplicationErrors_UnansweredOnALossyPath_AreNotCounted() => Assert.Equal(0, Sample.Ending(unanswered: 4).ApplicationErrors);

    [Fact]
    public void Lines_WithErrors_SayWhatWentWrong() =>
        Assert.Contains("  dig: 2 of 50: no servers could be reached", Sample.Ending(errors: 2).Lines());

    [Fact]
    public void Lines_PacketsThatNoRuleNames_HaveNoSentence()
    {
        DemoEnding ending = Sample.Ending();
        ending = ending with { Readings = ending.Readings with { Groups = [Sample.Group("dns", 1, 1), Sample.Group("other", null, null)] } };
        Assert.Single(ending.Lines(), line => line.Contains("measured", StringComparison.Ordinal) || line.Contains("request", StringComparison.Ordinal));
    }

    [Fact]
    public void Summary_Written_HasTheAgreedMembers()
    {
        string path = Path.GetTempFileName();
        DemoSummary.Write(path, Sample.Ending(opened: 97, failed: 3, tampered: 3));
        JsonElement summary = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        File.Delete(path);

        Assert.Equal(["groups", "wire", "opened", "authenticationFailed", "applicationErrors"], summary.EnumerateObject().Select(m => m.Name));
        Assert.Equal(100, summary.GetProperty("wire").GetProperty("sealed").GetInt64());
        Assert.Equal(3, summary.GetProperty("authenticationFailed").GetInt64());
        JsonElement group = summary.GetProperty("groups")[1];
        Assert.Equal(
            ["name", "selected", "sealed", "leftAlone", "lost", "roundTripNs", "serverDelayNs"],
            group.EnumerateObject().Select(m => m.Name));
        Assert.Equal(50_100_000, group.GetProperty("serverDelayNs").GetProperty("p50").GetInt64());
        Assert.Equal(7, group.GetProperty("roundTripNs").GetProperty("samples").GetInt64());
        Assert.Equal(1, group.GetProperty("leftAlone").GetProperty("mtu").GetInt64());
    }
}
