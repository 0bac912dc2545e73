using System.Text.Json;
using Pdm6.Lab;
using Pdm6.Probe;

namespace Pdm6.Bench;

/// <summary>Packets a second and core: our prober and reflector, the report's client rebuilt with Scapy, iperf3.</summary>
internal static class RateBench
{
    private const int Rounds = 3, ScapyRequests = 100, FlatOut = 10_000_000, Steady = 20_000;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(2);
    private static readonly int s_octets = ProberOptions.SmallestRequest(ProbeProtocol.UdpFrame, authenticated: true);

    public static void Run(BenchKey key)
    {
        using DirectPath path = new();
        List<double> flatOut = [], steady = [], reflector = [], scapy = [], iperf = [];
        for (int round = 0; round < Rounds; round++)
        {
            flatOut.Add(Probe(path, key, FlatOut, reflector));
            steady.Add(Probe(path, key, Steady, null));
            scapy.Add(Scapy(path, key));
            iperf.Add(Iperf(path));
        }
        double reference = Spread.Of(scapy).Median;
        Table table = new($"packets of {s_octets} octets", "packets/s a core", "to Scapy", "to iperf3");
        void Row(string name, List<double> rates)
        {
            Spread ours = Spread.Of(rates);
            table.Add(name, Table.Number(ours.Median), Table.Number(ours.Median / reference), Table.Number(ours.Median / Spread.Of(iperf).Median));
        }

        Row("pdm6 probe, flat out: requests and replies", flatOut);
        Row($"pdm6 probe, {Steady:#,0} requests/s: requests and replies", steady);
        Row("pdm6 reflect: requests and replies", reflector);
        Row("Scapy client: requests and replies", scapy);
        Row("iperf3 -u: sent", iperf);
        table.Print($"probe: medians of {Rounds} rounds of {s_window.TotalSeconds:0} s; packets over the processor time of the thread or program");
    }

    /// <summary>Packets that one second of a processor sends and receives.</summary>
    private static double Probe(DirectPath path, BenchKey key, long perSecond, List<double>? reflectorRates)
    {
        using AnsweringThread answering = new(path.Answering, DirectPath.AnsweringAddress, key.Key);
        ProberOptions options = new()
        {
            Targets = [new ProbeTarget("host", DirectPath.AnsweringAddress, ProbePorts.UdpFrame)],
            Key = key.Key,
            Pace = Pace.PerSecond(perSecond),
            Duration = s_window,
            Timeout = TimeSpan.FromMilliseconds(500),
        };
        using Prober prober = path.Asking.Within(() => Prober.Open(options, new NoSink()));
        IReadOnlyList<ProbeSummary> summaries = [];
        long cpuNs = 0;
        Thread thread = new(() => cpuNs = ThreadClock.Measure(() => summaries = prober.Run(CancellationToken.None)));
        thread.Start();
        thread.Join();
        ProbeSummary summary = summaries[0];
        // The kernel takes some milliseconds to begin stamping what comes in for a new socket.
        BenchException.Require(
            summary.Received > 0 && summary.WithoutKernelStamp * 20 <= summary.Received,
            $"{summary.Received} of {summary.Sent} answered, {summary.WithoutKernelStamp} without kernel stamps: not measured.");
        long answered = answering.Answered, reflectorNs = answering.Stop();
        reflectorRates?.Add(2 * answered * 1e9 / reflectorNs);
        return (summary.Sent + summary.Received) * 1e9 / cpuNs;
    }

    private static double Scapy(DirectPath path, BenchKey key)
    {
        using AnsweringThread answering = new(path.Answering, DirectPath.AnsweringAddress, key.Key);
        string output = path.Asking.Inside(CommandLine.Of(
            "/usr/bin/python3", ComparedPrograms.PathOf("bench/scapy_client.py"), DirectPath.AnsweringAddress.ToString(),
            $"{ProbePorts.UdpFrame}", key.Path, $"{ScapyRequests}", $"{s_octets}")).Run();
        JsonElement result = JsonDocument.Parse(output).RootElement;
        int roundTrips = result.GetProperty("roundTrips").GetInt32();
        BenchException.Require(roundTrips > ScapyRequests * 9 / 10, $"The Scapy client was answered {roundTrips} times only.");
        return 2 * roundTrips / result.GetProperty("processorSeconds").GetDouble();
    }

    private static double Iperf(DirectPath path)
    {
        // Some servers wait for ever after a test that lost packets: a fresh one each time, and it is killed.
        LabProcess server = LabProcess.Start("iperf3", path.Answering.Inside(CommandLine.Of("iperf3", "-s", "-6")));
        CommandLine client = path.Asking.Inside(CommandLine.Of(
            "iperf3", "-6", "-u", "-c", DirectPath.AnsweringAddress.ToString(), "-l", $"{s_octets}", "-b", "0",
            "-t", $"{s_window.TotalSeconds:0}", "-J"));
        ProgramResult result;
        try
        {
            result = ComparedPrograms.RunUntil(client, "cpu_utilization_percent"); // the server is not there at once
        }
        finally
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        JsonElement end = JsonDocument.Parse(result.Output).RootElement.GetProperty("end");
        JsonElement sum = end.GetProperty("sum");
        double cores = end.GetProperty("cpu_utilization_percent").GetProperty("host_total").GetDouble() / 100;
        return sum.GetProperty("packets").GetDouble() / sum.GetProperty("seconds").GetDouble() / cores;
    }

    private sealed class NoSink : IProbeSink;
}
