using System.Text.Json;
using Pdm6.EndToEnd.Tests.Truth;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>Loss, duplicates and reordering of each direction, against what the relay decided.</summary>
public class DirectionTests
{
    private const int Requests = 400;

    [RootFact]
    public async Task ImpairedByLists_EachDirectionIsCountedExactly()
    {
        // The first and the last of either direction among them.
        long[] requestsLost = [1, 40, 41, 42, 200, 333, Requests], repliesLost = [1, 17, 18, 300];
        await using ProbedPath path = ProbedPath.Create(
            new Impairments
            {
                Loss = Selection.Of(requestsLost),
                Duplication = Selection.Of(5, 90, 91, 250),
                Reordering = Selection.Of(60, 120, 121),
                HoldBackMilliseconds = 40,
            },
            new Impairments
            {
                Loss = Selection.Of(repliesLost),
                Duplication = Selection.Of(7, 8, 150),
                Reordering = Selection.Of(100, 101, 210, 390),
                HoldBackMilliseconds = 40,
            });
        await path.ReflectAsync("--key-file", path.KeyPath);
        JsonElement summary = (await path.ProbeJsonAsync(
            LaboratoryAddresses.Server.ToString(), "-c", $"{Requests}", "-i", "0.005", "-W", "1", "--key-file", path.KeyPath))[^1];
        await path.StopRelayAsync();
        InjectedTruth there = InjectedTruth.Read(path.LogPath, "toServer", Requests);
        InjectedTruth back = InjectedTruth.Read(path.LogPath, "toClient", there.Departed);

        Assert.Equal((requestsLost.Length, 4L, 3L), (there.Lost, there.Duplicated, there.Reordered));
        Assert.Equal((repliesLost.Length, 3L, 4L), (back.Lost, back.Duplicated, back.Reordered));
        Assert.Equal(there, TruthOf(summary.GetProperty("there")));
        Assert.Equal(back, TruthOf(summary.GetProperty("back")));
        Assert.Equal(Requests - requestsLost.Length - repliesLost.Length, summary.GetProperty("received").GetInt64());
    }

    [RootFact]
    public async Task ImpairedByChance_EachDirectionIsCountedExactly()
    {
        const int requests = 3000;
        Impairments toServer = new()
        {
            Loss = new Selection { Probability = 0.05 },
            Duplication = new Selection { Probability = 0.03 },
            Reordering = new Selection { Probability = 0.04 },
            HoldBackMilliseconds = 10,
            Seed = 7,
        };
        await using ProbedPath path = ProbedPath.Create(toServer, toServer with { Seed = 8 });
        await path.ReflectAsync("--key-file", path.KeyPath);
        JsonElement summary = (await path.ProbeJsonAsync(
            LaboratoryAddresses.Server.ToString(), "-c", $"{requests}", "--rate", "1000", "-W", "1", "--key-file", path.KeyPath))[^1];
        await path.StopRelayAsync();
        InjectedTruth there = InjectedTruth.Read(path.LogPath, "toServer", requests);
        InjectedTruth back = InjectedTruth.Read(path.LogPath, "toClient", there.Departed);

        Assert.True(there is { Lost: > 50, Duplicated: > 30, Reordered: > 30 } && back is { Lost: > 50, Duplicated: > 30, Reordered: > 30 });
        Assert.Equal(there, TruthOf(summary.GetProperty("there")));
        Assert.Equal(back, TruthOf(summary.GetProperty("back")));
    }

    private static InjectedTruth TruthOf(JsonElement direction) => new(
        direction.GetProperty("arrived").GetInt64(), direction.GetProperty("lost").GetInt64(),
        direction.GetProperty("duplicated").GetInt64(), direction.GetProperty("reordered").GetInt64());
}
