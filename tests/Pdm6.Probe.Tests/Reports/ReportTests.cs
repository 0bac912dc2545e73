using System.Text.Json;
using Pdm6.Probe.Reports;
using Pdm6.Probe.Sessions;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Reports;

/// <summary>One run, written in every format: four requests, of which one is lost, one doubled.</summary>
public class ReportTests
{
    private const ulong Start = 1_700_000_000_000_000_000;
    private static readonly ProbeTarget s_target = new("far, \"host\"", Ipv6Address.Parse("2001:db8::1"), 8250);

    [Fact]
    public void Text_SaysWhatPingSays()
    {
        string[] lines = Write(ReportFormat.Text);

        Assert.Equal("PROBE far, \"host\" (2001:db8::1) port 8250: 141 octets, STAMP, unauthenticated", lines[0]);
        Assert.Equal("141 octets from 2001:db8::1: seq=0 hops=2/3 time=1.000 ms there=0.400 ms back=0.600 ms", lines[1]);
        Assert.Equal("again from 2001:db8::1: seq=0 (DUP!)", lines[2]);
        Assert.Contains("no answer from 2001:db8::1: seq=2", lines);
        Assert.Contains("4 packets transmitted, 3 received, +1 duplicates, +1 errors, 25% packet loss, time 1002ms", lines);
        Assert.Contains("rtt min/avg/max/mdev = 1.000/1.267/1.600/0.249 ms", lines);
        Assert.Contains("variation p50/p90/p99 = 0.200/0.400/0.400 ms, jitter 0.037 ms", lines);
        Assert.Contains(lines, line => line.StartsWith("there: 4 sent, 1 lost, 0 duplicated, 1 reordered, 2 hops, one-way p50/p99 = ", StringComparison.Ordinal)
            && line.EndsWith(" within 0.030 ms", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("back: 3 sent, 0 lost, 1 duplicated, 0 reordered, 3 hops", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_Quiet_HasTheSummaryOnly()
    {
        Assert.DoesNotContain(Write(ReportFormat.Text, isQuiet: true), line => line.Contains("seq=", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_HasTheFieldsOfIrtt()
    {
        JsonElement json = JsonDocument.Parse(string.Join('\n', Write(ReportFormat.Json))).RootElement;
        JsonElement stats = json.GetProperty("stats"), roundTrips = json.GetProperty("round_trips");

        Assert.Equal(1, json.GetProperty("version").GetProperty("json_format").GetInt32());
        Assert.Equal((1_000_000, 1_600_000), (stats.GetProperty("rtt").GetProperty("min").GetInt64(), stats.GetProperty("rtt").GetProperty("max").GetInt64()));
        Assert.Equal((4, 3, 1), (stats.GetProperty("packets_sent").GetInt32(), stats.GetProperty("packets_received").GetInt32(), stats.GetProperty("duplicates").GetInt32()));
        Assert.Equal((25.0, 25.0, 0.0), (stats.GetProperty("packet_loss_percent").GetDouble(), stats.GetProperty("upstream_loss_percent").GetDouble(), stats.GetProperty("downstream_loss_percent").GetDouble()));
        Assert.Equal(30_000, stats.GetProperty("one_way_delay_error").GetInt64());
        Assert.Equal(["false", "false", "true", "false"], roundTrips.EnumerateArray().Select(one => one.GetProperty("lost").GetString()));
        Assert.Equal(200_000, roundTrips[1].GetProperty("ipdv").GetProperty("rtt").GetInt64());
        Assert.Equal(400_000, roundTrips[0].GetProperty("delay").GetProperty("send").GetInt64());
    }

    [Fact]
    public void JsonLines_EveryEventHasItsLineAndTheLastIsTheSummary()
    {
        JsonElement[] lines = [.. Write(ReportFormat.JsonLines).Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.Equal(
            ["reply", "duplicate", "reply", "problem", "lost", "reply", "summary"], lines.Select(line => line.GetProperty("type").GetString()));
        Assert.Equal(1, lines[^1].GetProperty("there").GetProperty("lost").GetInt32());
        Assert.Equal(7, lines[^1].GetProperty("socketDrops").GetInt32());
    }

    [Fact]
    public void Csv_EveryRowHasEveryColumn()
    {
        string[] lines = Write(ReportFormat.Csv);
        string[] events = [.. lines[1..].Select(line => line.Replace("\"far, \"\"host\"\"\"", "far", StringComparison.Ordinal).Split(',')[3])];

        Assert.Equal(["reply", "duplicate", "reply", "lost", "reply"], events);
        Assert.All(lines[1..], line => Assert.StartsWith("\"far, \"\"host\"\"\",2001:db8::1,", line, StringComparison.Ordinal));
        Assert.Equal(
            $"0,reply,{Start + 5_000},{Start + 1_205_000},1000000,200000,400000,600000,2,3",
            lines[1]["\"far, \"\"host\"\"\",2001:db8::1,".Length..]);
        Assert.All(lines[1..], line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',') - 1));
    }

    [Fact]
    public void Atlas_IsThePingResultOfAnAtlasProbe()
    {
        JsonElement ping = JsonDocument.Parse(string.Join('\n', Write(ReportFormat.Atlas))).RootElement[0];

        Assert.Equal(("ping", 6, 4, 3, 1), (ping.GetProperty("type").GetString(), ping.GetProperty("af").GetInt32(),
            ping.GetProperty("sent").GetInt32(), ping.GetProperty("rcvd").GetInt32(), ping.GetProperty("dup").GetInt32()));
        Assert.Equal((1.0, 1.6), (ping.GetProperty("min").GetDouble(), ping.GetProperty("max").GetDouble()));
        Assert.Equal(
            ["""{"rtt":1}""", """{"dup":1}""", """{"rtt":1.2}""", """{"x":"*"}""", """{"rtt":1.6}"""],
            ping.GetProperty("result").EnumerateArray().Select(result => JsonSerializer.Serialize(result)));
    }

    [Fact]
    public void PScheduler_IsAboutTheWayThere()
    {
        JsonElement latency = JsonDocument.Parse(string.Join('\n', Write(ReportFormat.PScheduler))).RootElement;

        Assert.True(latency.GetProperty("succeeded").GetBoolean());
        Assert.Equal((4, 1), (latency.GetProperty("packets-sent").GetInt32(), latency.GetProperty("packets-lost").GetInt32()));
        Assert.Equal("""{"0.4":1,"0.6":1,"1":1}""", JsonSerializer.Serialize(latency.GetProperty("histogram-latency")));
        Assert.Equal("""{"62":3}""", JsonSerializer.Serialize(latency.GetProperty("histogram-ttl")));
        Assert.Equal(0.03, latency.GetProperty("max-clock-error").GetDouble());
    }

    [Fact]
    public void Prometheus_HasBaseUnitsAndEscapedLabels()
    {
        string[] lines = Write(ReportFormat.Prometheus);

        Assert.Contains("pdm6_probe_packets_sent{target=\"far, \\\"host\\\"\"} 4", lines);
        Assert.Contains("pdm6_probe_packets_lost{target=\"far, \\\"host\\\"\",direction=\"there\"} 1", lines);
        Assert.Contains("pdm6_probe_round_trip_seconds_count{target=\"far, \\\"host\\\"\"} 3", lines);
        Assert.Contains("pdm6_probe_round_trip_seconds{target=\"far, \\\"host\\\"\",quantile=\"0.99\"} 0.0016", lines);
        Assert.All(lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)), line => Assert.Matches("^# TYPE pdm6_probe_[a-z_]+ (gauge|summary)$", line));
    }

    [Fact]
    public void Table_HasARowForEachTarget()
    {
        string[] lines = Write(ReportFormat.Table);

        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^far, ""host""\s+4\s+1\s+1\s+0\s+1\.2\d\d\s+1\.600\s+0\.037\s+2/3$", lines[1]);
    }

    private static string[] Write(ReportFormat format, bool isQuiet = false)
    {
        using StringWriter output = new();
        IProbeReport report = ProbeReport.Create(format, output, isQuiet, isLive: false);
        report.Start(new ProberOptions { Targets = [s_target], Protocol = ProbeProtocol.Stamp, Octets = 141 });
        ProbeSession session = new(s_target, new SessionSettings(1_000_000_000, 141, 16), report) { OwnClockErrorNs = 10_000 };
        for (long i = 0; i < 4; i++)
        {
            uint index = session.OnSending(Start + (ulong)(i * 1_000_000), i * 1_000_000);
            session.OnTransmitStamp(index, Start + (ulong)(i * 1_000_000) + 5_000);
        }
        Reply(session, 0, 400_000, 600_000);
        Reply(session, 0, 400_000, 600_000);
        Reply(session, 1, 600_000, 600_000);
        session.OnIcmpError("From somewhere: Destination unreachable: No route");
        session.Expire(1_002_000_000);
        Reply(session, 3, 1_000_000, 600_000);
        session.OnReply(
            new ReplyFacts { Index = 4, ReplyNumber = 4, Counts = new ReflectorCounts(3, 0, 0, 1) },
            new Arrival(0, 1_003_000_000, 61, default), 141);
        report.Finish([session.Summarise()], socketDrops: 7);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A reply that the reflector kept for 200 us.</summary>
    private static void Reply(ProbeSession session, uint index, long thereNs, long backNs)
    {
        ulong left = Start + index * 1_000_000UL + 5_000, received = left + (ulong)thereNs, sent = received + 200_000, back = sent + (ulong)backNs;
        session.OnReply(
            new ReplyFacts
            {
                Index = index,
                ReplyNumber = index + 1,
                RequestReceivedAtUnixNs = received,
                ReplySentAtUnixNs = sent,
                ClockErrorNs = 20_000,
                HopsThere = 2,
                Counts = new ReflectorCounts(index == 3 ? 3 : index + 1, 0, 0, 0), // request 2 never came
            },
            new Arrival(back, index == 3 ? 1_002_900_000 : (long)(back - Start) + 10_000, 61, Ipv6Address.Parse("2001:db8::2")), 141);
    }
}
