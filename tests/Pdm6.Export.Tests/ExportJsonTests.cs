using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Export.Tests;

public sealed class ExportJsonTests
{
    private const ulong Now = 1_800_000_000_000_000_000;

    [Fact]
    public void AgentDescription_ThroughJson_IsTheSame()
    {
        AgentDescription sent = Agent();
        AgentDescription received = Through(sent, ExportJson.Default.AgentDescription);

        Assert.True(received.TryValidate(out string? error), error);
        Assert.Equal(sent.Name, received.Name);
        Assert.Equal(sent.Rules, received.Rules);
        Assert.Equal(sent.IncarnationId, received.IncarnationId);
        Assert.Equal(sent.Announcement.ContextId, received.Announcement.ContextId);
        Assert.Equal(sent.Announcement.Addresses, received.Announcement.Addresses);
    }

    [Fact]
    public void CounterReport_ThroughJson_IsTheSame()
    {
        CounterReport received = Through(Report(), ExportJson.Default.CounterReport);

        Assert.True(received.TryValidate(out string? error), error);
        Assert.Equal(Report().Sent, received.Sent);
        Assert.Equal(2, received.Rules[0].LeftAlone["udp-gso"]);
        Assert.Equal(9, received.RingLost);
    }

    [Fact]
    public void CounterReport_OnTheWire_HasTheNamesOfTheContract()
    {
        JsonNode json = JsonNode.Parse(JsonSerializer.Serialize(Report(), ExportJson.Default.CounterReport))!;

        Assert.Equal("fd00::1", (string?)json["sent"]![0]!["source"]);
        Assert.Equal(5, (int)json["rules"]![0]!["sealed"]!);
        Assert.Equal(2, (int)json["rules"]![0]!["leftAlone"]!["udp-gso"]!);
        Assert.Equal(1, (int)json["ingress"]!["not-ahead"]!);
    }

    [Theory]
    [InlineData("rules")]
    [InlineData("ingress")]
    [InlineData("incarnationId")]
    [InlineData("ringLost")]
    public void CounterReport_WithoutAMember_IsRefused(string member)
    {
        JsonObject json = JsonNode.Parse(JsonSerializer.Serialize(Report(), ExportJson.Default.CounterReport))!.AsObject();
        json.Remove(member);

        Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize(json.ToJsonString(), ExportJson.Default.CounterReport));
    }

    [Theory]
    [InlineData("""{"rules":[null]}""")]
    [InlineData("""{"sent":[null]}""")]
    public void CounterReport_WithANullInAList_IsRefusedWithoutThrowing(string change)
    {
        JsonObject json = JsonNode.Parse(JsonSerializer.Serialize(Report(), ExportJson.Default.CounterReport))!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
            json[name] = value!.DeepClone();
        CounterReport report = JsonSerializer.Deserialize(json.ToJsonString(), ExportJson.Default.CounterReport)!;

        Assert.False(report.TryValidate(out string? error));
        Assert.NotEmpty(error);
    }

    public static TheoryData<string, CounterReport> WrongReports() => new()
    {
        { "negative", Report() with { RingLost = -1 } },
        { "negative", Report() with { Rules = [new RuleCounters("dns", 1, -1, NoCounts)] } },
        { "negative", Report() with { Rules = [new RuleCounters("dns", 1, 1, NoCounts, -1)] } },
        { "same name", Report() with { Rules = [new RuleCounters("dns", 1, 1, NoCounts), new RuleCounters("dns", 1, 1, NoCounts)] } },
        { "kebab-case", Report() with { Ingress = new Dictionary<string, long> { ["a\"b"] = 1 } } },
        { "epoch", Report() with { Sent = [Report().Sent[0] with { Epoch = 4096 }] } },
        { "at most 32", Report() with { Rules = [.. Enumerable.Range(0, 33).Select(i => new RuleCounters($"r{i}", 0, 0, NoCounts))] } },
        { "at most 16384", Report() with { Sent = [.. Enumerable.Repeat(Report().Sent[0], CounterReport.MaxSent + 1)] } },
    };

    [Theory]
    [MemberData(nameof(WrongReports), DisableDiscoveryEnumeration = true)]
    public void TryValidate_WrongReport_SaysWhatIsWrong(string expected, CounterReport report)
    {
        Assert.False(report.TryValidate(out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    public static TheoryData<string, AgentDescription> WrongAgents() => new()
    {
        { "name", Agent() with { Name = "" } },
        { "printable", Agent() with { Name = "a\nb" } },
        { "printable", Agent() with { Rules = ["dns", new string('x', 65)] } },
        { "same name", Agent() with { Rules = ["dns", "dns"] } },
        { "at most 32", Agent() with { Rules = [.. Enumerable.Range(0, 33).Select(i => $"r{i}")] } },
        { "another incarnation", Agent() with { IncarnationId = new IncarnationId(99) } },
        { "announcement:", Agent() with { Announcement = Agent().Announcement with { Addresses = [] } } },
        { "name", Agent() with { Rules = [null!] } },
    };

    [Theory]
    [MemberData(nameof(WrongAgents), DisableDiscoveryEnumeration = true)]
    public void TryValidate_WrongAgent_SaysWhatIsWrong(string expected, AgentDescription agent)
    {
        Assert.False(agent.TryValidate(out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, long> NoCounts { get; } = new Dictionary<string, long>();

    private static AgentDescription Agent()
    {
        IncarnationId incarnation = new(7);
        return new AgentDescription("client", incarnation, ["dns", "http"], new Announcement
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = new ContextId(8),
            IncarnationId = incarnation,
            Sequence = Now,
            IssuedAtUnixNs = Now,
            NotAfterUnixNs = Now + 3_600_000_000_000,
            AgentName = "client",
            Addresses = [Ipv6Address.Parse("fd00::1"), Ipv6Address.Parse("fe80::1")],
            Suite = Suite.Aes256Gcm,
            Timetable = new EpochTimetable(4095, Now, 60_000_000_000, 60),
            OptionType = Pdmv2OptionView.DefaultOptionType,
            ClockErrorBoundNs = 1000,
        });
    }

    private static CounterReport Report() => new(
        new IncarnationId(7), Now,
        [new RuleCounters("dns", 7, 5, new Dictionary<string, long> { ["udp-gso"] = 2 })],
        new Dictionary<string, long> { ["multicast"] = 3 },
        [new SentCounter(Ipv6Address.Parse("fd00::1"), Ipv6Address.Parse("fd00::2"), "dns", new ContextId(8), 4095, 0, 5)],
        new Dictionary<string, long> { ["accepted"] = 4, ["not-ahead"] = 1 }, RingLost: 9, ExportLost: 0);

    private static T Through<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, type)), type)!;
}
