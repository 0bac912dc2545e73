using System.Net;
using System.Text.Json;
using Pdm6.Capture;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>Probing without a key file: keys come and go by the registrar.</summary>
public class RegistrationTests
{
    private const int IngestPort = 8653, WebPort = 8650;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string s_server = LaboratoryAddresses.Server.ToString();

    [RootFact]
    public async Task Enrolled_ProberAndReflector_MeasureUnderKeysOfTheirOwn()
    {
        await using ProbedPath path = ProbedPath.Create(new Impairments { DelayMilliseconds = 3 });
        EnrolledHosts enrolled = await EnrolledHosts.CreateAsync(path);
        LabProcess reflector = await path.ReflectAsync("--identity", enrolled.ServerIdentity, "--log", path.PathOf("frames.jsonl"));
        string[] ask = [s_server, "-c", "20", "-i", "0.01", "--identity", enrolled.ClientIdentity];

        JsonElement first = (await path.ProbeJsonAsync(ask))[^1], second = (await path.ProbeJsonAsync(ask))[^1];
        string counted = await ProbedPath.StopAsync(reflector);
        JsonElement[] log = [.. File.ReadLines(path.PathOf("frames.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

        foreach (JsonElement summary in (JsonElement[])[first, second])
        {
            Assert.Equal(20, summary.GetProperty("received").GetInt32());
            Assert.Equal((20, 0), (summary.GetProperty("there").GetProperty("arrived").GetInt32(), summary.GetProperty("there").GetProperty("lost").GetInt32()));
            Assert.InRange(summary.GetProperty("roundTripNs").GetProperty("p50").GetInt64(), 3_000_000, 20_000_000);
        }
        Assert.Contains("42 answered", counted, StringComparison.Ordinal);
        // Two probers, two contexts: each has a key id and numbers from 1.
        Assert.Equal([1, 2, 3], log.Take(3).Select(entry => entry.GetProperty("number").GetInt32()));
        Assert.Equal(1, log[21].GetProperty("number").GetInt32());
        Assert.All(log, entry => Assert.True(entry.TryGetProperty("keyId", out _)));
    }

    [RootFact]
    public async Task Target_ThatNobodyAnnounced_GetsNothing()
    {
        await using ProbedPath path = ProbedPath.Create();
        EnrolledHosts enrolled = await EnrolledHosts.CreateAsync(path);
        await using PacketCapture atServer = await PacketCapture.StartAsync(
            path.Hosts, [path.Hosts.ServerLink.First], inboundOnly: false, path.PathOf("server.pcapng"));

        ProgramResult result = await path.ProbeAsync(s_server, "-c", "3", "-i", "0.01", "--identity", enrolled.ClientIdentity);
        Assert.Equal(0, await atServer.StopAsync());

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"nobody has announced {s_server}", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, CountUdp(atServer.Path));
    }

    [RootFact]
    public async Task Revoked_Prober_IsNotAnsweredAnyMore()
    {
        await using ProbedPath path = ProbedPath.Create();
        EnrolledHosts enrolled = await EnrolledHosts.CreateAsync(path);
        LabProcess reflector = await path.ReflectAsync("--identity", enrolled.ServerIdentity);
        LabProcess prober = path.Hosts.Start("the prober", path.Hosts.Client, Pdm6Program.Command(
            "probe", s_server, "-i", "0.05", "-W", "0.2", "--identity", enrolled.ClientIdentity));
        await prober.WaitForLineAsync("seq=3 ", s_patience);

        await enrolled.RevokeAsync("client");
        await prober.WaitForLineAsync("no answer from", s_patience);
        prober.Interrupt();
        await prober.WaitAsync();
        ProgramResult again = await path.ProbeAsync(s_server, "-c", "1", "--identity", enrolled.ClientIdentity);

        Assert.Contains("for another key", await ProbedPath.StopAsync(reflector), StringComparison.Ordinal);
        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("revoked", again.Errors, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Rounds_OfAnEnrolledProber_AreInTheCollectorThatItNamesUnderItsOwnName()
    {
        await using ProbedPath path = ProbedPath.Create();
        EnrolledHosts enrolled = await EnrolledHosts.CreateAsync(path);
        string fingerprint = await enrolled.EnrollCollectorAsync();
        File.WriteAllText(path.PathOf("collector.json"), JsonSerializer.Serialize(new
        {
            identity = enrolled.CollectorIdentity, ingest = $"[::]:{IngestPort}", web = $"[::1]:{WebPort}",
        }));
        LabProcess collector = path.Hosts.Start(
            "the collector", path.Hosts.Collector, Pdm6Program.Command("collector", "--config", path.PathOf("collector.json")));
        await collector.WaitForLineAsync("agents report to", s_patience);
        LabProcess reflector = await path.ReflectAsync("--identity", enrolled.ServerIdentity);
        string[] ask =
        [
            s_server, "-c", "5", "-i", "0.01", "--identity", enrolled.ClientIdentity,
            "--report-to", $"https://[{LaboratoryAddresses.CollectorForClient}]:{IngestPort}",
        ];

        ProgramResult unnamed = await path.ProbeAsync(ask);
        ProgramResult another = await path.ProbeAsync([.. ask, "--analyzer", new string('0', 64)]);
        ProgramResult inAnothersName = await path.ProbeAsync([.. ask, "--analyzer", fingerprint, "--name", "server"]);
        ProgramResult told = await path.ProbeAsync([.. ask, "--analyzer", fingerprint]);
        await using LoopbackForwarder web = LoopbackForwarder.Start(path.Hosts.Collector, new(IPAddress.IPv6Loopback, WebPort), 0);
        using HttpClient http = new() { BaseAddress = new Uri($"http://{web.Endpoint}") };
        JsonElement[] pairs = [];
        await Poll.UntilAsync(
            async () =>
            {
                pairs = [.. JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/probes", UriKind.Relative))).RootElement.EnumerateArray()];
                return pairs.Length > 0;
            },
            () => $"the collector was told nothing; the prober said {told.Errors}");
        await ProbedPath.StopAsync(reflector);

        Assert.Contains("--analyzer FINGERPRINT", unnamed.Errors, StringComparison.Ordinal);
        Assert.Contains("the collector did not take this round", another.Errors, StringComparison.Ordinal);
        Assert.Contains("the certificate belongs to client: write --name client", inAnothersName.Errors, StringComparison.Ordinal);
        Assert.True(told.ExitCode == 0 && told.Errors.Length == 0, told.Errors);
        JsonElement pair = Assert.Single(pairs);
        Assert.Equal(("client", 1), (pair.GetProperty("prober").GetString(), pair.GetProperty("rounds").GetInt32()));
    }

    private static int CountUdp(string capture)
    {
        int count = 0;
        using CaptureReader reader = CaptureReader.Open(capture);
        while (reader.TryReadNext(out CapturedFrame frame))
            if (frame.TryFindIpv6(out ReadOnlySpan<byte> octets) && Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet) && packet.UpperProtocol == 17)
                count++;
        return count;
    }
}
