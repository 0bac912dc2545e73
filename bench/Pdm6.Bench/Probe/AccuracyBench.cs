using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pdm6.Capture;
using Pdm6.Lab;
using Pdm6.Probe;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>
/// What the tools add to the truth: one path with a relay, our prober, irtt and ping one after the other, and captures on
/// both hosts, which tell the time at the client, the time at the server, and so the time on the network.
/// </summary>
internal static partial class AccuracyBench
{
    private const int Requests = 300;
    private const double IntervalSeconds = 0.01, DelayMilliseconds = 2;
    private const int IrttPort = 2112;

    public static async Task RunAsync(BenchKey key)
    {
        Laboratory hosts = Laboratory.Create();
        await using (hosts.ConfigureAwait(false))
        {
            Impairments impairments = new() { DelayMilliseconds = DelayMilliseconds };
            RunningRelay relay = RunningRelay.Start(hosts.Router, hosts.Relay(impairments, impairments));
            await using (relay.ConfigureAwait(false))
            {
                Table table = new("round trips", "requests", "says p50, us", "client p50, us", "server p50, us", "network p50, us", "added p10, us", "added p50, us", "added p99, us");
                await MeasureAsync(hosts, key, table, "pdm6 probe", () => Task.FromResult<IReadOnlyList<double>>(Probe(hosts, key.Key))).ConfigureAwait(false);
                await MeasureAsync(hosts, key, table, "pdm6 probe, STAMP", () => Task.FromResult<IReadOnlyList<double>>(Probe(hosts, null))).ConfigureAwait(false);
                await MeasureAsync(hosts, key, table, "irtt", () => IrttAsync(hosts)).ConfigureAwait(false);
                await MeasureAsync(hosts, key, table, "ping", () => PingAsync(hosts)).ConfigureAwait(false);
                await MeasureAsync(hosts, key, table, "ping -U", () => PingAsync(hosts, "-U")).ConfigureAwait(false);
                table.Print("probe: what each tool says, and what captures on both hosts say of the same packets");
            }
        }
    }

    private static async Task MeasureAsync(Laboratory hosts, BenchKey key, Table table, string name, Func<Task<IReadOnlyList<double>>> measure)
    {
        PacketCapture atClient = await PacketCapture.StartAsync(hosts, [hosts.ClientLink.First], inboundOnly: false, key.PathOf($"client-{name}")).ConfigureAwait(false);
        PacketCapture atServer = await PacketCapture.StartAsync(hosts, [hosts.ServerLink.First], inboundOnly: false, key.PathOf($"server-{name}")).ConfigureAwait(false);
        IReadOnlyList<double> said = await measure().ConfigureAwait(false);
        // A tool that comes late leaves requests out; of those that it made, all must be there.
        BenchException.Require(said.Count >= Requests / 2, $"{name} measured {said.Count} round trips instead of {Requests}.");
        BenchException.Require(
            await atClient.StopAsync().ConfigureAwait(false) + await atServer.StopAsync().ConfigureAwait(false) == 0, "The captures are not whole.");
        double[] atHosts = Exchanges(atClient.Path), within = Exchanges(atServer.Path);
        // The session set-up of irtt comes before, our closing exchange after: neither is a measured round trip.
        int first = name == "irtt" ? 1 : 0;
        BenchException.Require(Math.Min(atHosts.Length, within.Length) >= first + said.Count, $"The captures hold only {atHosts.Length} exchanges.");
        double[] network = [.. Enumerable.Range(first, said.Count).Select(i => atHosts[i] - within[i])];
        double[] added = [.. said.Zip(network, (own, truth) => own - truth).Order()];
        IEnumerable<double> client = atHosts.Skip(first).Take(said.Count), server = within.Skip(first).Take(said.Count);
        table.Add(
            name, $"{said.Count}", Table.Number(MedianOf(said)), Table.Number(MedianOf(client)), Table.Number(MedianOf(server)),
            Table.Number(MedianOf(network)), Signed(added[said.Count / 10]), Signed(added[said.Count / 2]), Signed(added[said.Count * 99 / 100]));
    }

    private static double MedianOf(IEnumerable<double> values) => Spread.Of(values).Median;

    private static string Signed(double value) => value.ToString("+0.0;-0.0", CultureInfo.InvariantCulture);

    /// <summary>The time from each packet of the client to its answer, microseconds, as a host saw it. Nothing is lost or
    /// reordered on this path: the first answer is to the first packet, and so on.</summary>
    private static double[] Exchanges(string capture)
    {
        List<ulong> asked = [], answered = [];
        using CaptureReader reader = CaptureReader.Open(capture);
        while (reader.TryReadNext(out CapturedFrame frame))
        {
            if (!frame.TryFindIpv6(out ReadOnlySpan<byte> octets) || !Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet))
                continue;
            if (packet.Source == LaboratoryAddresses.Client)
                asked.Add(frame.TimestampNs);
            else if (packet.Destination == LaboratoryAddresses.Client)
                answered.Add(frame.TimestampNs);
        }
        return [.. asked.Zip(answered, (question, answer) => ((long)(answer - question)) / 1e3)];
    }

    private static List<double> Probe(Laboratory hosts, KeyFile? key)
    {
        using AnsweringThread answering = new(hosts.Server, LaboratoryAddresses.Server, key);
        ProbeProtocol protocol = key is null ? ProbeProtocol.Stamp : ProbeProtocol.UdpFrame;
        RoundTrips sink = new();
        using Prober prober = hosts.Client.Within(() => Prober.Open(
            new ProberOptions
            {
                Targets = [new ProbeTarget("server", LaboratoryAddresses.Server, ProbePorts.Of(protocol))],
                Protocol = protocol,
                Key = key,
                Count = Requests,
                Pace = Pace.Every(TimeSpan.FromSeconds(IntervalSeconds)),
            },
            sink));
        prober.Run(CancellationToken.None);
        return sink.Microseconds;
    }

    private static async Task<IReadOnlyList<double>> IrttAsync(Laboratory hosts)
    {
        LabProcess server = hosts.Start("irtt", hosts.Server, CommandLine.Of("irtt", "server", "-b", $"[{LaboratoryAddresses.Server}]:{IrttPort}", "-i", "0s"));
        await using (server.ConfigureAwait(false))
        {
            await server.WaitForLineAsync("starting", TimeSpan.FromSeconds(20)).ConfigureAwait(false);
            string duration = (Requests * IntervalSeconds).ToString(CultureInfo.InvariantCulture);
            string output = hosts.Client.Run(
                "irtt", "client", "-Q", "-6", "-i", $"{IntervalSeconds * 1000}ms", "-d", $"{duration}s", "-o", "-", $"[{LaboratoryAddresses.Server}]:{IrttPort}");
            return [.. JsonDocument.Parse(output).RootElement.GetProperty("round_trips").EnumerateArray()
                .Select(roundTrip => roundTrip.GetProperty("delay").GetProperty("rtt").GetInt64() / 1e3)];
        }
    }

    private static Task<IReadOnlyList<double>> PingAsync(Laboratory hosts, params ReadOnlySpan<string> options)
    {
        string output = hosts.Client.Run(
            "ping", [.. options, "-n", "-c", $"{Requests}", "-i", IntervalSeconds.ToString(CultureInfo.InvariantCulture), LaboratoryAddresses.Server.ToString()]);
        return Task.FromResult<IReadOnlyList<double>>(
            [.. PingTime().Matches(output).Select(match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 1e3)]);
    }

    [GeneratedRegex(@"icmp_seq=\d+ ttl=\d+ time=([0-9.]+) ms")]
    private static partial Regex PingTime();

    private sealed class RoundTrips : IProbeSink
    {
        internal List<double> Microseconds { get; } = [];

        public void OnReply(ProbeTarget target, in ProbeReply reply)
        {
            if (reply.RoundTripNs is { } roundTrip)
                Microseconds.Add(roundTrip / 1e3);
        }
    }
}
