using Pdm6.Datapath.Tests.Nonces;
using Pdm6.EndToEnd.Tests.Nonces;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Registration;

/// <summary>The nonce rule over the lives of an agent that is registered: what it sealed is opened as its analyzer would.</summary>
public class KilledAgentTests
{
    [RootFact]
    public async Task Agent_KilledAndStartedAgain_HasAContextOfItsOwnAndRepeatsNothing()
    {
        const int lives = 3;
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        // It hears what the client sends.
        using WireCapture capture = laboratory.Measured.Hosts.Router.Within(
            () => new WireCapture(laboratory.Measured.Hosts.ClientLink.Second.Interface));
        await laboratory.StartAgentsAsync();
        HashSet<ContextId> contexts = [];
        for (int life = 0; life < lives; life++)
        {
            if (life > 0)
            {
                await laboratory.Measured.Client.KillAsync();
                RunningAgent next = laboratory.Measured.StartClientAgent(Conversation.Rules);
                Task hasKeys = next.WaitForKeysAsync();
                await laboratory.Conversation.UntilAsync(() => Task.FromResult(hasKeys.IsCompleted), "the agent does not come back");
                await hasKeys;
            }
            await laboratory.Conversation.RunAsync(50);
            Assert.True(contexts.Add(await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client)), "a context came back");
        }
        await laboratory.Measured.QuietAsync();
        IReadOnlyList<SealedOption> options = capture.Stop();

        using IncarnationLedger ledger = new(await laboratory.OpenEnvelopesAsync());
        foreach (SealedOption option in options)
            ledger.Add(option);
        Assert.Equal((lives, 0, 0), (ledger.IncarnationsUsed, ledger.Repetitions, ledger.NotOpenedOnce));
    }
}
