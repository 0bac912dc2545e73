using System.Net.Sockets;
using System.Text.Json;
using Pdm6.Collector.Api;
using Pdm6.Lab;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Frames;

/// <summary>udp-frames that kernels make: what arrives at a socket, what a reflector and a capture record, what the
/// collector counts.</summary>
public class UdpFrameTests(ITestOutputHelper output)
{
    private const int Port = 8250, OptionPort = 7009, UnmeasuredPort = 7010, Datagrams = 60;
    private const string Group = "frames", OptionGroup = "options";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly object[] s_rules =
    [
        new
        {
            name = Group, destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (int[])[Port],
            carriage = "udp-frame", sacrificial = true,
        },
        new
        {
            name = OptionGroup, destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (int[])[OptionPort],
            carriage = "udp-option",
        },
    ];

    /// <summary>With UDP options of the kernel in the same capture, so that the project's readers see both.</summary>
    [RootFact]
    public async Task OneWay_ReflectorCaptureAndCollector_RecordEveryFrame()
    {
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        await laboratory.StartAgentsAsync(s_rules);
        string[] keys = ["--key-file", laboratory.PathOf("lab.key"), "--announcements", await laboratory.WriteAnnouncementsAsync("announcements.json")];
        string log = laboratory.PathOf("frames.jsonl"), capture = laboratory.PathOf("frames.pcapng");
        LabProcess reflector = laboratory.Hosts.Start(
            "the reflector", laboratory.Hosts.Server, Pdm6Program.Command(["reflect", "--listen", $"[::]:{Port}", .. keys, "--log", log]));
        await reflector.WaitForLineAsync("listening on", s_patience);
        LabProcess capturing = laboratory.Hosts.Start(
            "the capture", laboratory.Hosts.Server, Pdm6Program.Command("capture", "-i", Laboratory.MeasuredInterface, "--all", "-w", capture));
        await UntilCapturedAsync(laboratory, capturing, capture, "the beginning"u8.ToArray());

        using (Socket client = LaboratorySockets.ConnectUdp(laboratory.Hosts, Port))
            for (int i = 0; i < Datagrams; i++)
                await client.SendAsync(new byte[20 * i]);
        using (Socket server = LaboratorySockets.ListenUdp(laboratory.Hosts, OptionPort))
        using (Socket client = LaboratorySockets.ConnectUdp(laboratory.Hosts, OptionPort))
        {
            using CancellationTokenSource patience = new(s_patience);
            byte[] received = new byte[100];
            for (int i = 0; i < Datagrams; i++)
            {
                await client.SendAsync(new byte[i]);
                Assert.Equal(i, await server.ReceiveAsync(received, patience.Token));
            }
        }
        JsonElement[] recorded = [];
        await Poll.UntilAsync(() => (recorded = Read(log)).Length >= Datagrams, () => reflector.Failure($"recorded only {recorded.Length} frames").Message);
        await UntilCapturedAsync(laboratory, capturing, capture, "the end"u8.ToArray());
        Assert.Equal(0, await reflector.StopAsync(s_patience));
        Assert.Equal(0, await capturing.StopAsync(s_patience));
        await laboratory.StopAgentsAsync();

        Assert.Equal(Datagrams, recorded.Length);
        uint first = recorded[0].GetProperty("sequence").GetUInt32();
        for (int i = 0; i < Datagrams; i++)
        {
            Assert.Equal(("oneWay", 68), (recorded[i].GetProperty("kind").GetString(), recorded[i].GetProperty("octets").GetInt32()));
            Assert.Equal(unchecked(first + (uint)i), recorded[i].GetProperty("sequence").GetUInt32());
            Assert.Equal(i + 1, recorded[i].GetProperty("pdm").GetProperty("globalPointer").GetInt32());
            // Both hosts have one clock.
            long underWayUs = recorded[i].GetProperty("receivedAtUnixNs").GetInt64() / 1000 - recorded[i].GetProperty("timestampUs").GetInt64();
            Assert.InRange(underWayUs, 0, 10_000_000);
        }
        GroupView group = (await laboratory.ReadGroupsAsync())[Group];
        Assert.Equal((Datagrams, Datagrams, Datagrams), (group.Selected, group.Sealed, group.Packets));
        Assert.Equal((0, 0, 0, 0), (group.Lost, group.Duplicated, group.Reordered, group.AuthenticationFailed));
        ProgramResult analysis = await Pdm6Program.Command(["analyze", capture, .. keys, "--format", "json"]).RunAsync();
        Assert.True(analysis.ExitCode == 0, analysis.Errors);
        output.WriteLine(analysis.Output);
        Assert.Equal(2 * Datagrams, JsonDocument.Parse(analysis.Output).RootElement.GetProperty("totals").GetProperty("opened").GetInt32());
        ProgramResult dissection = await DissectAsync(laboratory, capture);
        Assert.True(dissection.ExitCode == 0, dissection.Errors);
        string[] statuses = dissection.Output.Split('\n');
        Assert.Equal((Datagrams, Datagrams), (statuses.Count(line => line == "ok;"), statuses.Count(line => line == ";ok")));
    }

    /// <summary>An application whose payload nobody needs, both ways: its checksums are verified by the receiving kernels, and
    /// its round trips are measured.</summary>
    [RootFact]
    public async Task BothWays_CollectorMeasuresRoundTrips()
    {
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        await laboratory.StartAgentsAsync(s_rules);
        using (FrameTalk talk = new(laboratory.Hosts, Port))
            for (int i = 0; i < Datagrams; i++)
                Assert.Equal((true, true), await talk.ExchangeAsync(i, 1200 - i));
        await laboratory.StopAgentsAsync();
        GroupView group = (await laboratory.ReadGroupsAsync())[Group];

        output.WriteLine($"{group}");
        Assert.Equal((2 * Datagrams, 2 * Datagrams, 0), (group.Sealed, group.Packets, group.Lost));
        Assert.InRange(group.RoundTripNs.Samples, Datagrams - 2, 2 * Datagrams);
        Assert.InRange(group.ServerDelayNs.Samples, Datagrams - 2, 2 * Datagrams);
    }

    /// <summary>Sends datagrams that no rule measures until one is in the file: so is all that was sent before it.</summary>
    private static async Task UntilCapturedAsync(MeasuredLaboratory laboratory, LabProcess capturing, string capture, byte[] mark)
    {
        using Socket socket = LaboratorySockets.ConnectUdp(laboratory.Hosts, UnmeasuredPort);
        await Poll.UntilAsync(
            () =>
            {
                try
                {
                    socket.Send(mark);
                }
                catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    // nobody listens there, and says so: the datagram before this one arrived
                }
                return File.Exists(capture) && File.ReadAllBytes(capture).AsSpan().IndexOf(mark) >= 0;
            },
            () => capturing.Failure("does not capture").Message);
    }

    /// <summary>What the project's dissector says of each packet: "ok;" of a frame that it opened, ";ok" of a UDP option.</summary>
    private static async Task<ProgramResult> DissectAsync(MeasuredLaboratory laboratory, string capture)
    {
        using JsonDocument announcements = JsonDocument.Parse(await File.ReadAllBytesAsync(laboratory.PathOf("announcements.json")));
        string secret = (await File.ReadAllTextAsync(laboratory.PathOf("lab.key"))).Trim(), keys = laboratory.PathOf("dissector.keys");
        await File.WriteAllLinesAsync(keys, announcements.RootElement.EnumerateArray().Select(
            announcement => $"laboratory-key {secret} {announcement.GetProperty("incarnationId").GetString()}"));
        return await CommandLine.Of(
            "tshark", "-n", "-X", $"lua_script:{Path.Combine(Interop.RepositoryRoot(), "wireshark", "pdm6.lua")}", "-o", $"pdm6.key_file:{keys}",
            "-r", capture, "-T", "fields", "-E", "separator=;", "-e", "pdm6.frame.status", "-e", "udp.opt.pdmv2.status").RunAsync();
    }

    private static JsonElement[] Read(string log) =>
        [.. File.ReadAllText(log).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)];
}
