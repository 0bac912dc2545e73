using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>STAMP against an implementation in Python that shares no code with this one, in both roles.</summary>
public class StampInteropTests
{
    private const int Port = 862, Requests = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [RootTheory]
    [InlineData(false, false, "ntp")]
    [InlineData(false, true, "ptp")]
    [InlineData(true, false, "ptp")]
    [InlineData(true, true, "ntp")]
    public async Task OurReflector_AskedByTheOther_IsFaultless(bool authenticated, bool stateful, string timestamps)
    {
        await using ProbedPath path = ProbedPath.Create();
        string[] key = authenticated ? ["--key-file", path.KeyPath] : [];
        await path.ReflectAsync(["--protocol", "stamp", "--timestamps", timestamps, .. key, .. stateful ? Array.Empty<string>() : ["--stateless"]]);

        ProgramResult result = await path.Hosts.Client.Inside(Interop.Command(
            "stamp.py", ["send", LaboratoryAddresses.Server.ToString(), $"{Port}", "--count", $"{Requests}", .. key])).RunAsync();

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Equal(Requests, JsonDocument.Parse(result.Output).RootElement.GetProperty("answered").GetInt32());
    }

    [RootTheory]
    [InlineData(false, false, "ntp", "--ptp")]
    [InlineData(false, true, "ptp", null)]
    [InlineData(true, false, "ptp", "--ptp")]
    [InlineData(true, true, "ntp", null)]
    public async Task OurSender_AnsweredByTheOther_MeasuresAndAttributesLosses(
        bool authenticated, bool stateful, string timestamps, string? otherTimestamps)
    {
        await using ProbedPath path = ProbedPath.Create(
            new Impairments { Loss = Selection.Of(3, 4, 9), DelayMilliseconds = 2 }, new Impairments { Loss = Selection.Of(6), DelayMilliseconds = 2 });
        string[] key = authenticated ? ["--key-file", path.KeyPath] : [], state = stateful ? ["--stateful"] : [];
        string[] other = otherTimestamps is null ? [] : [otherTimestamps];
        LabProcess reflector = path.Hosts.Start("the other reflector", path.Hosts.Server, Interop.Command("stamp.py", ["reflect", $"{Port}", .. key, .. state, .. other]));
        await reflector.WaitForLineAsync("listening", s_patience);

        JsonElement summary = (await path.ProbeJsonAsync(
            [LaboratoryAddresses.Server.ToString(), "--protocol", "stamp", "--timestamps", timestamps, "-c", $"{Requests}", "-i", "0.01", "-W", "1", .. key, .. state]))[^1];

        Assert.Equal((Requests, Requests - 4), (summary.GetProperty("sent").GetInt32(), summary.GetProperty("received").GetInt32()));
        Assert.InRange(summary.GetProperty("roundTripNs").GetProperty("min").GetInt64(), 4_000_000, 20_000_000);
        Assert.Equal(1, summary.GetProperty("there").GetProperty("hops").GetInt32());
        JsonElement lostThere = summary.GetProperty("there").GetProperty("lost"), lostBack = summary.GetProperty("back").GetProperty("lost");
        if (stateful)
            Assert.Equal((3, 1), (lostThere.GetInt32(), lostBack.GetInt32()));
        else
            Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (lostThere.ValueKind, lostBack.ValueKind));
    }

    [RootFact]
    public async Task Authenticated_WithAnotherKeyOrWithout_IsNotAnswered()
    {
        await using ProbedPath path = ProbedPath.Create();
        Security.KeyFile.Create(path.PathOf("other.key"));
        LabProcess reflector = await path.ReflectAsync("--protocol", "stamp", "--key-file", path.KeyPath);
        string[] ask = [LaboratoryAddresses.Server.ToString(), "--protocol", "stamp", "-c", "2", "-i", "0.01", "-W", "0.2"];

        Assert.Equal(1, (await path.ProbeAsync([.. ask, "--key-file", path.PathOf("other.key")])).ExitCode);
        Assert.Equal(1, (await path.ProbeAsync([.. ask, "-s", "112"])).ExitCode);
        Assert.Contains("4 datagrams: 4 not authentic", await ProbedPath.StopAsync(reflector), StringComparison.Ordinal);
    }
}
