using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Pdm6.Collector.Api;
using Pdm6.Collector.Metrics;
using static Pdm6.Collector.Tests.Laboratory;

namespace Pdm6.Collector.Tests;

/// <summary>The page, <c>/metrics</c> and the manners of the web listener.</summary>
public sealed partial class WebTests
{
    [Fact]
    public async Task Page_ByAnyLoopbackName_AllowsOnlyItsOwnScriptAndStyle()
    {
        await using Laboratory laboratory = await StartAsync();

        using HttpResponseMessage response = await laboratory.Web.GetAsync("/");
        string html = await response.Content.ReadAsStringAsync();
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{Sha256Of(html, "style")}'", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src '{Sha256Of(html, "script")}'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(src|href)\s*=\s*""(https?:)?//", html);
        Assert.DoesNotMatch(@"<[^>]+\s(style|on\w+)\s*=", html); // the policy would block them
    }

    [Fact]
    public async Task Metrics_AfterExchanges_AreWellFormedAndRight()
    {
        await using Laboratory laboratory = await StartAsync(rules: ["d\"n\\s", "http"]);
        await laboratory.PutBothAsync();
        ulong start = SimulatedHost.Now() - 5_000_000_000;
        for (ushort i = 0; i < 50; i++)
            laboratory.Exchange((ushort)(20000 + i), start, 20 * Millisecond, 5 * Millisecond);
        await laboratory.DeliverAsync();

        using HttpResponseMessage response = await laboratory.Web.GetAsync("/metrics");
        string text = await response.Content.ReadAsStringAsync();
        Dictionary<string, double> samples = Parse(text);

        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(100, samples["""pdm6_packets_total{group="d\"n\\s"}"""]);
        Assert.Equal(50, samples["""pdm6_round_trip_seconds_count{group="d\"n\\s"}"""]);
        Assert.Equal(2.0, samples["""pdm6_round_trip_seconds_sum{group="d\"n\\s"}"""], 0.01);
        Assert.Equal(0, samples["""pdm6_round_trip_seconds_bucket{group="d\"n\\s",le="0.025"}"""]);
        Assert.Equal(50, samples["""pdm6_round_trip_seconds_bucket{group="d\"n\\s",le="0.05"}"""]);
        Assert.Equal(50, samples["""pdm6_round_trip_seconds_bucket{group="d\"n\\s",le="+Inf"}"""]);
        Assert.Equal(50, samples["""pdm6_server_delay_seconds_count{group="d\"n\\s"}"""]);
        Assert.Equal(0, samples["""pdm6_lost_total{group="d\"n\\s"}"""]);
        Assert.Equal(2, samples["""pdm6_agents{state="live"}"""]);
        Assert.DoesNotContain("fd00", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_Reported_AreInTheApiAndInMetricsAndSurviveARestart()
    {
        await using Laboratory laboratory = await StartAsync();
        ulong now = SimulatedHost.Now();
        AssertTaken(await laboratory.Client.Client.PostProbesAsync(
            [
                ProbeReports.Of("edge", "c\"ore", now, sent: 10, received: 7, lost: 2, 900_000, 20_000_000),
                ProbeReports.Of("core", "edge", now, sent: 10, received: 10, lost: 0, 3_000_000),
            ],
            CancellationToken.None));
        await laboratory.FlushAsync();
        await laboratory.RestartAsync();

        IReadOnlyList<ProbeView> pairs = await laboratory.ListAsync("/v1/probes?seconds=60", ApiJson.Default.IReadOnlyListProbeView);
        Dictionary<string, double> samples = Parse(await laboratory.Web.GetStringAsync("/metrics"));

        Assert.Equal([("core", 10L), ("edge", 7L)], pairs.Select(pair => (pair.Prober, pair.All.Received)));
        Assert.Equal(2, (await laboratory.ListAsync("/v1/probes/rounds", ApiJson.Default.IReadOnlyListProbeRoundView)).Count);
        Assert.Equal((2, 0), (samples["pdm6_probed_pairs"], samples["pdm6_probed_pairs_left_out"]));
        Assert.Equal(10, samples["""pdm6_probed_requests_total{prober="edge",target="c\"ore"}"""]);
        Assert.Equal(2, samples["""pdm6_probed_lost_total{prober="edge",target="c\"ore",direction="there"}"""]);
        Assert.DoesNotContain("""pdm6_probed_lost_total{prober="edge",target="c\"ore",direction="back"}""", samples.Keys);
        Assert.Equal(1, samples["""pdm6_probed_round_trip_seconds_bucket{prober="edge",target="c\"ore",le="0.001"}"""]);
        Assert.Equal(2, samples["""pdm6_probed_round_trip_seconds_bucket{prober="edge",target="c\"ore",le="0.025"}"""]);
        Assert.Equal(0.0209, samples["""pdm6_probed_round_trip_seconds_sum{prober="edge",target="c\"ore"}"""], 1e-9);
        Assert.Equal(now / 1e9, samples["""pdm6_probed_latest_round_timestamp_seconds{prober="edge",target="c\"ore"}"""], 60.0);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("[fd00::1]:8650", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:8650", HttpStatusCode.OK)]
    public async Task Web_AskedByName_AnswersOnlyNamesOfThisHost(string host, HttpStatusCode expected)
    {
        await using Laboratory laboratory = await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/totals");
        request.Headers.Host = host;

        using HttpResponseMessage response = await laboratory.Web.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.NoContent)]
    public async Task Flush_FromABrowser_OnlyFromOurOwnPage(string site, HttpStatusCode expected)
    {
        await using Laboratory laboratory = await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/flush");
        request.Headers.Add("Sec-Fetch-Site", site);

        using HttpResponseMessage response = await laboratory.Web.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Ready_WhileTheStoreIsLocked_SaysSoAndNothingIsLost()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        Task delivered;
        using (SqliteConnection other = new($"Data Source={laboratory.StorePath};Pooling=False"))
        {
            other.Open();
            using SqliteTransaction hold = other.BeginTransaction(deferred: false);
            laboratory.Exchange(1, SimulatedHost.Now() - 2_000_000_000, 20 * Millisecond, 5 * Millisecond);
            delivered = laboratory.DeliverAsync();
            await UntilAsync(async () =>
            {
                using HttpResponseMessage ready = await laboratory.Web.GetAsync("/-/ready");
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable
                    && (await ready.Content.ReadAsStringAsync()).StartsWith("the store cannot be written", StringComparison.Ordinal);
            });
        }
        await delivered.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, (await laboratory.GroupAsync("dns")).Packets);
        Assert.Equal("ready\n", await laboratory.Web.GetStringAsync("/-/ready"));
    }

    [Theory]
    [InlineData("/-/healthy", HttpStatusCode.OK)]
    [InlineData("/-/ready", HttpStatusCode.OK)]
    [InlineData("/v1/groups?seconds=0", HttpStatusCode.BadRequest)]
    [InlineData("/v1/groups?seconds=-5", HttpStatusCode.BadRequest)]
    [InlineData("/v1/groups?seconds=x", HttpStatusCode.BadRequest)]
    [InlineData("/v1/groups/dns/windows?seconds=100000&step=1", HttpStatusCode.BadRequest)]
    [InlineData("/v1/groups/dns/windows?seconds=60&step=0", HttpStatusCode.BadRequest)]
    [InlineData("/v1/flows?limit=1001", HttpStatusCode.BadRequest)]
    [InlineData("/v1/probes?seconds=0", HttpStatusCode.BadRequest)]
    [InlineData("/v1/probes/rounds?limit=10001", HttpStatusCode.BadRequest)]
    [InlineData("/v1/groups/nobody/windows", HttpStatusCode.OK)]
    [InlineData("/v1/observations", HttpStatusCode.NotFound)]
    public async Task Web_Path_Answers(string path, HttpStatusCode expected)
    {
        await using Laboratory laboratory = await StartAsync();

        using HttpResponseMessage response = await laboratory.Web.GetAsync(path);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public void MetricText_LabelWithANewLine_IsEscaped()
    {
        MetricText text = new();
        text.Sample("m", 0.5, ("l", "a\nb\\\""));

        Assert.Equal("m{l=\"a\\nb\\\\\\\"\"} 0.5\n", text.ToString());
    }

    /// <summary>A strict reader of the text format: HELP and TYPE before every family, no sample twice.</summary>
    private static Dictionary<string, double> Parse(string text)
    {
        Dictionary<string, double> samples = [];
        string family = "", type = "";
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                (family, type) = (line.Split(' ')[2], "");
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
                type = line.Split(' ')[3];
                Assert.Contains(type, new[] { "counter", "gauge", "histogram" });
            }
            else
            {
                Match sample = SampleLine().Match(line);
                Assert.True(sample.Success, line);
                string name = sample.Groups["name"].Value;
                Assert.NotEmpty(type);
                Assert.True(name == family || (type == "histogram" && name.StartsWith(family, StringComparison.Ordinal)), line);
                Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
                samples.Add(sample.Groups["series"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
            }
        }
        return samples;
    }

    private static string Sha256Of(string html, string element)
    {
        string text = Regex.Match(html, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline).Groups[1].Value;
        Assert.NotEmpty(text);
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [GeneratedRegex("""^(?<series>(?<name>[a-z_][a-z0-9_]*)(\{[a-z]+="([^"\\]|\\[\\"n])*"(,[a-z]+="([^"\\]|\\[\\"n])*")*\})?) (?<value>\S+)$""")]
    private static partial Regex SampleLine();
}
