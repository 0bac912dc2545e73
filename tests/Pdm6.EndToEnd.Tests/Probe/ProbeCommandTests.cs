using System.Text.Json;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary><c>pdm6 probe</c> as a person or a script uses it.</summary>
public class ProbeCommandTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string s_server = LaboratoryAddresses.Server.ToString();

    [RootFact]
    public async Task ExitCodes_AreThoseOfPing()
    {
        await using ProbedPath path = ProbedPath.Create();
        await path.ReflectAsync("--key-file", path.KeyPath);
        string[] key = ["--key-file", path.KeyPath];

        ProgramResult answered = await path.ProbeAsync([s_server, "-c", "3", "-i", "0.01", .. key]);
        ProgramResult silent = await path.ProbeAsync([s_server, "-c", "2", "-i", "0.01", "-W", "0.2", "--port", "9", .. key]);
        ProgramResult tooFew = await path.ProbeAsync([s_server, "-c", "100000", "-i", "0.01", "-w", "0.3", .. key]);
        ProgramResult old = await path.ProbeAsync(["192.0.2.1", .. key]);
        ProgramResult keyless = await path.ProbeAsync([s_server]);

        Assert.Equal((0, 1, 1, 2, 2), (answered.ExitCode, silent.ExitCode, tooFew.ExitCode, old.ExitCode, keyless.ExitCode));
        Assert.Contains("3 packets transmitted, 3 received, 0% packet loss, time ", answered.Output, StringComparison.Ordinal);
        Assert.Matches(@"rtt min/avg/max/mdev = \d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3} ms", answered.Output);
        Assert.Contains("Port unreachable", silent.Output, StringComparison.Ordinal);
        Assert.Equal("pdm6: 192.0.2.1 is an IPv4 address, and only IPv6 is measured: name the host's IPv6 address.\n", old.Errors);
        Assert.Contains("--key-file", keyless.Errors, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Interrupted_PrintsTheSummary()
    {
        await using ProbedPath path = ProbedPath.Create();
        await path.ReflectAsync("--key-file", path.KeyPath);
        LabProcess prober = path.Hosts.Start("the prober", path.Hosts.Client, Pdm6Program.Command("probe", s_server, "-i", "0.02", "--key-file", path.KeyPath));
        await prober.WaitForLineAsync("seq=5", s_patience);
        // The process is "ip netns exec", which has become the prober.
        prober.Interrupt();

        Assert.Equal(0, await prober.WaitAsync());
        Assert.Contains(prober.LastLines, line => line.Contains(" 0% packet loss", StringComparison.Ordinal));
        Assert.Contains(prober.LastLines, line => line.StartsWith("there: ", StringComparison.Ordinal) && line.Contains(" 0 lost", StringComparison.Ordinal));
    }

    [RootFact]
    public async Task Marks_OfRequestsAndReplies_AreOnTheWireAsAsked()
    {
        await using ProbedPath path = ProbedPath.Create();
        await path.ReflectAsync("--key-file", path.KeyPath);
        await using PacketCapture atClient = await PacketCapture.StartAsync(
            path.Hosts, [path.Hosts.ClientLink.First], inboundOnly: false, path.PathOf("client.pcapng"));
        Assert.Equal(0, (await path.ProbeAsync(
            s_server, "-c", "3", "-i", "0.01", "-q", "-s", "500", "-t", "33", "--dscp", "46", "--flow-label", "74565",
            "-I", Laboratory.MeasuredInterface, "--key-file", path.KeyPath)).ExitCode);
        Assert.Equal(0, await atClient.StopAsync());

        List<(bool IsRequest, int Dscp, uint FlowLabel, int HopLimit, int Octets)> seen = ReadMarks(atClient.Path);
        // Three requests, the closing one, and their replies.
        Assert.Equal(4, seen.Count(packet => packet == (true, 46, 0x12345u, 33, 500)));
        Assert.Equal(4, seen.Count(packet => packet is { IsRequest: false, Dscp: 46, HopLimit: 63, Octets: 500 }));
        Assert.Equal(8, seen.Count);
    }

    [RootFact]
    public async Task Reflector_OnAllAddresses_AnswersFromTheOneThatWasAsked()
    {
        await using ProbedPath path = ProbedPath.Create();
        Ipv6Address second = Ipv6Address.Parse("2001:db8:2::77");
        path.Hosts.ServerLink.First.AddAddress(second, LaboratoryAddresses.PrefixLength);
        path.Hosts.ServerLink.Second.AddNeighbour(second, path.Hosts.ServerLink.First.HardwareAddress);
        await path.ReflectAsync("--listen", "[::]:8250", "--key-file", path.KeyPath);
        File.WriteAllText(path.PathOf("targets"), $"{s_server} # the server\n\n{second}\n");

        IReadOnlyList<JsonElement> lines = await path.ProbeJsonAsync(
            "--targets-file", path.PathOf("targets"), "-c", "5", "-i", "0.02", "--key-file", path.KeyPath);
        JsonElement[] summaries = [.. lines.Where(line => line.GetProperty("type").GetString() == "summary")];

        Assert.Equal([s_server, second.ToString()], summaries.Select(summary => summary.GetProperty("address").GetString()));
        Assert.All(summaries, summary => Assert.Equal(5, summary.GetProperty("received").GetInt32()));
        Assert.All(summaries, summary => Assert.Equal(5, summary.GetProperty("there").GetProperty("arrived").GetInt32()));
    }

    [RootFact]
    public async Task Reflector_WithALog_RecordsRequestsWithTheProbersLastRoundTrip()
    {
        await using ProbedPath path = ProbedPath.Create(new Impairments { DelayMilliseconds = 5 });
        LabProcess reflector = await path.ReflectAsync("--key-file", path.KeyPath, "--log", path.PathOf("frames.jsonl"));
        IReadOnlyList<JsonElement> lines = await path.ProbeJsonAsync(s_server, "-c", "3", "-i", "0.05", "--key-file", path.KeyPath);
        await ProbedPath.StopAsync(reflector);
        JsonElement[] log = [.. File.ReadLines(path.PathOf("frames.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.Equal(["request", "request", "request", "closing"], log.Select(entry => entry.GetProperty("kind").GetString()));
        Assert.False(log[0].TryGetProperty("roundTripNs", out _));
        Assert.Equal(lines[0].GetProperty("roundTripNs").GetInt64(), log[1].GetProperty("roundTripNs").GetInt64());
        Assert.Equal(LaboratoryAddresses.Client.ToString(), log[2].GetProperty("source").GetString());
        Assert.Equal(1, log[2].GetProperty("hops").GetInt32());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path.PathOf("frames.jsonl")));
    }

    private static List<(bool IsRequest, int Dscp, uint FlowLabel, int HopLimit, int Octets)> ReadMarks(string capture)
    {
        List<(bool, int, uint, int, int)> seen = [];
        using Pdm6.Capture.CaptureReader reader = Pdm6.Capture.CaptureReader.Open(capture);
        while (reader.TryReadNext(out Pdm6.Capture.CapturedFrame frame))
        {
            if (!frame.TryFindIpv6(out ReadOnlySpan<byte> octets) || octets[6] != 17)
                continue;
            uint first = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(octets);
            int length = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(octets[4..]) - 8;
            bool isRequest = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(octets[42..]) == 8250;
            seen.Add((isRequest, (int)(first >> 22 & 0x3f), first & 0xfffff, octets[7], length));
        }
        return seen;
    }
}
