using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Security;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Nonces;

/// <summary>The nonce rule over the lives of an agent: killed at any moment, started again with the same key file.</summary>
public class RestartTests(ITestOutputHelper output)
{
    private const byte LaboratoryNumber = 200;

    [RootFact]
    public Task AgentKilledAndStartedAgain_OneKeyFile_EveryLifeHasKeysOfItsOwn() => RequireKeysOfItsOwnAsync(lives: 12);

    [LongFact]
    public Task AgentKilledAndStartedAgain_AHundredTimes_EveryLifeHasKeysOfItsOwn() => RequireKeysOfItsOwnAsync(lives: 100);

    private async Task RequireKeysOfItsOwnAsync(int lives)
    {
        // Each life is cut off after another number of options, the same in every run of the test.
        Random random = new(6);
        using LabFiles files = new();
        HashSet<IncarnationId> incarnations = [];
        IReadOnlyList<SealedOption> options;
        await using (MeasuredHost host = new(LaboratoryNumber))
        {
            for (int life = 0; life < lives; life++)
            {
                await using KilledAgent agent = KilledAgent.Start(host, files);
                Assert.True(incarnations.Add(await agent.AskIncarnationAsync()), "an incarnation came back");
                int enough = host.Capture.Count + random.Next(1, 300);
                await Poll.UntilAsync(() => host.Capture.Count >= enough, () => $"life {life} seals nothing");
            }
            options = host.Capture.Stop();
        }

        using KeyFile keyFile = KeyFile.Load(files.KeyFile);
        using IncarnationLedger ledger = IncarnationLedger.OfKeyFile(keyFile, incarnations);
        foreach (SealedOption option in options)
            ledger.Add(option);

        output.WriteLine($"{options.Count} options of {ledger.IncarnationsUsed} incarnations under {ledger.KeysUsed} keys; "
            + $"{ledger.Repetitions} repetitions, {ledger.NotOpenedOnce} not opened by exactly one incarnation");
        Assert.Equal(lives, incarnations.Count);
        Assert.Equal((lives, 0, 0), (ledger.IncarnationsUsed, ledger.Repetitions, ledger.NotOpenedOnce));
        // Both flows ran through all of it, so lives had the same five fields.
        Assert.Equal(2, options.Select(option => option.Flow).Distinct().Count());
    }
}
