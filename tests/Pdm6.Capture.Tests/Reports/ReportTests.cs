using System.Text.Json;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports;
using Pdm6.Capture.Tests.Support;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Reports;

public class ReportTests
{
    private static readonly string[] FlowMembers =
    [
        "source", "destination", "protocol", "sourcePort", "destinationPort", "packets", "clear", "opened",
        "authenticationFailed", "noKey", "malformed", "lost", "duplicated", "reordered", "ambiguous", "hops", "roundTripNs",
        "serverDelayNs", "variationNs",
    ];

    private static byte[] Clear(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics)]);

    private static readonly FlowKey Echo = new(Packets.A, Packets.B, NextHeader.Icmpv6, 128 << 8, 77);

    private static AnalysisReport Report(ISampleSink? samples = null)
    {
        using CaptureKeys keys = new();
        return new Trace().Exchanges(Clear, 12).Exchanges(Clear, 3, Echo)
            .Analyze(keys, new AnalysisOptions { KeepTimeline = true }, samples);
    }

    private static JsonElement[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    [Fact]
    public void Json_Flows_HaveTheirMembersAndNumbers()
    {
        JsonElement root = JsonDocument.Parse(Trace.Text(Report(), ReportFormat.Json)).RootElement;
        Assert.Equal(["flows", "totals"], root.EnumerateObject().Select(member => member.Name));
        JsonElement[] flows = [.. root.GetProperty("flows").EnumerateArray()];
        Assert.Equal(4, flows.Length);
        Assert.Equal(FlowMembers, flows[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal("2001:db8::a", flows[0].GetProperty("source").GetString());
        Assert.Equal((17, 40_000, 53), (Number(flows[0], "protocol"), Number(flows[0], "sourcePort"), Number(flows[0], "destinationPort")));
        Assert.Equal((12, 12, 0), (Number(flows[0], "packets"), Number(flows[0], "clear"), Number(flows[0], "lost")));
        JsonElement roundTrip = flows[0].GetProperty("roundTripNs");
        Assert.Equal(["samples", "min", "p50", "p90", "p99", "max"], roundTrip.EnumerateObject().Select(member => member.Name));
        Assert.Equal(11, Number(roundTrip, "samples"));
        Assert.InRange(Number(roundTrip, "p50"), 24_800_000, 25_200_000);
        Assert.Equal(30, Number(root.GetProperty("totals"), "packets"));
    }

    [Fact]
    public void Json_FlowWithoutPorts_HasNullForThem()
    {
        JsonElement echo = Lines(Trace.Text(Report(), ReportFormat.JsonLines))[2];
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (echo.GetProperty("sourcePort").ValueKind, echo.GetProperty("destinationPort").ValueKind));
        Assert.Equal((58, 128, 0, 77), (Number(echo, "protocol"), Number(echo, "icmpType"), Number(echo, "icmpCode"), Number(echo, "identifier")));
    }

    [Fact]
    public void Json_WithoutSamples_HasNullForTheirNumbers()
    {
        using CaptureKeys keys = new();
        AnalysisReport report = new Trace().Add(Packets.Ipv6(Packets.Udp(), [Frames.Sealed]), Trace.Start).Analyze(keys);
        JsonElement flow = Assert.Single(Lines(Trace.Text(report, ReportFormat.JsonLines)));
        Assert.Equal(0, Number(flow.GetProperty("roundTripNs"), "samples"));
        Assert.Equal(JsonValueKind.Null, flow.GetProperty("roundTripNs").GetProperty("p99").ValueKind);
        Assert.Equal(JsonValueKind.Null, flow.GetProperty("hops").ValueKind);
    }

    [Fact]
    public void Csv_Flows_AgreeWithTheJson()
    {
        string[] lines = Trace.Text(Report(), ReportFormat.Csv).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] json = Lines(Trace.Text(Report(), ReportFormat.JsonLines));
        Assert.Equal(5, lines.Length);
        string[] names = lines[0].Split(',');
        for (int i = 0; i < json.Length; i++)
        {
            string[] cells = lines[i + 1].Split(',');
            Assert.Equal(names.Length, cells.Length);
            foreach ((string name, string cell) in names.Zip(cells))
            {
                JsonElement value = name.Split('.').Aggregate(json[i], (element, member) => element.GetProperty(member));
                Assert.Equal(value.ToString(), cell);
            }
        }
    }

    [Fact]
    public void Table_Report_SaysWhatPeopleLookFor()
    {
        string table = Trace.Text(Report(), ReportFormat.Table);
        Assert.Contains("[2001:db8::a]:40000  ->  [2001:db8::b]:53", table, StringComparison.Ordinal);
        Assert.Contains("2001:db8::b          ->  2001:db8::a", table, StringComparison.Ordinal);
        Assert.Contains("30 frames, 30 IPv6 packets; 30 carry a measurement, of 4 flows", table, StringComparison.Ordinal);
        Assert.Contains("server delay       p50 3.", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReportFormat.Json)]
    [InlineData(ReportFormat.JsonLines)]
    [InlineData(ReportFormat.Csv)]
    [InlineData(ReportFormat.Table)]
    public void Samples_OneByOne_AreAsManyAsCounted(ReportFormat format)
    {
        using StringWriter text = new();
        SampleWriter samples = new(text, format);
        AnalysisReport report = Report(samples);
        samples.Finish(report);
        int expected = (int)(report.Totals.RoundTrip.Count + report.Totals.Variation.Count)
            + report.Flows.Sum(flow => (int)flow.ServerDelay.Count);
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int given = format switch
        {
            ReportFormat.Json => JsonDocument.Parse(text.ToString()).RootElement.GetProperty("samples").GetArrayLength(),
            ReportFormat.Csv => lines.Length - 1,
            _ => lines.Length,
        };
        Assert.Equal(expected, given);
        Assert.True(expected > 30);
    }

    [Fact]
    public void Html_Report_LoadsNothingAndEscapesNames()
    {
        using StringWriter page = new();
        HtmlReport.Write(page, Report() with { Problem = "cut <b>" }, "<script>alert(1)</script>");
        string html = page.ToString();
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("cut &lt;b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        foreach (string name in (string[])["Network round trip over time", "Server delay over time", "udp 53", "icmpv6 echo"])
            Assert.Contains(name, html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Svg_Report_IsWellFormed(bool hasSamples)
    {
        using CaptureKeys keys = new();
        AnalysisReport report = hasSamples ? Report() : new Trace().Analyze(keys, new AnalysisOptions { KeepTimeline = true });
        using StringWriter svg = new();
        SvgReport.Write(svg, report, "a & b");
        System.Xml.Linq.XDocument document = System.Xml.Linq.XDocument.Parse(svg.ToString());
        Assert.Equal("svg", document.Root!.Name.LocalName);
        Assert.Equal(!hasSamples, svg.ToString().Contains("no samples", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0L, "0 ns")]
    [InlineData(999L, "999 ns")]
    [InlineData(12_340L, "12.3 us")]
    [InlineData(123_400L, "123 us")]
    [InlineData(1_234_000L, "1.23 ms")]
    [InlineData(123_400_000L, "123.4 ms")]
    [InlineData(12_340_000_000L, "12.3 s")]
    public void Duration_Text_HasTheUnitThatFits(long? nanoseconds, string text) => Assert.Equal(text, DurationText.Of(nanoseconds));

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
