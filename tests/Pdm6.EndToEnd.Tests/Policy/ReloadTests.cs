using Pdm6.Agent.Status;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Lab;
using Pdm6.Security;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Rules that change while packets flow.</summary>
public class ReloadTests(ITestOutputHelper output)
{
    private const ushort SourcePort = 40_000;
    private const int Reloads = 12, RoundsAround = 20;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(1);

    // In each of them the flow falls under another rule, at another place, or has another carriage.
    private static readonly object[][] s_policies =
    [
        [Rule("a", "destopt-v2")],
        [Rule("b", "udp-option"), Rule("a", "destopt-v2")],
        [new { name = "other", protocols = (string[])["tcp"] }, Rule("c", "destopt-v2"), Rule("b", "udp-option")],
    ];

    [RootFact]
    public async Task Reload_WhileAFlowRuns_LeavesNoPacketUnmeasuredAndLosesNone()
    {
        await using PolicyScene scene = await PolicyScene.StartAsync(s_policies[0]);
        using NumberedFlows flow = new(scene.Hosts, [SourcePort]);

        await SendWhileAsync(flow, async () =>
        {
            for (int i = 1; i <= Reloads; i++)
            {
                scene.Agent.WriteRules(s_policies[i % s_policies.Length]);
                await ReloadRequest.SendAsync(scene.Agent.Running.StatusSocket, CancellationToken.None);
                flow.SendRound();
            }
        });
        FlowArrivals arrivals = await flow.ReceiveAllAsync();

        SealedOption[] options = await OptionsOfAsync(scene, flow.Sent);
        output.WriteLine($"{flow.Sent} packets, {Reloads} reloads: {options.Length} measured, "
            + $"{options.Count(option => option.Carriage == Carriage.UdpOption)} of them by udp-option");
        Assert.Equal((flow.Sent, 0), (arrivals.Count, arrivals.Reordered[0]));
        Assert.All(options.Index(), option => Assert.Equal(options[0].Psntp + (uint)option.Index, option.Item.Psntp));
        Assert.Equal([Carriage.DestinationOptionV2, Carriage.UdpOption], options.Select(option => option.Carriage).Distinct().Order());
        Assert.Equal(new PolicyReload(Reloads, ""), (await scene.Agent.Running.StatusAsync()).PolicyReload);
    }

    [RootFact]
    public async Task Reload_FileThatCannotBe_SaysSoAndLeavesTheOldRulesInForce()
    {
        await using PolicyScene scene = await PolicyScene.StartAsync(s_policies[0]);
        using NumberedFlows flow = new(scene.Hosts, [SourcePort]);
        ProgramResult[] refused = [];

        scene.Agent.WriteRules(new { name = "b", carriage = "udp-option", port = 53 });
        await SendWhileAsync(flow, async () => refused =
        [
            await scene.Agent.RunAsync("reload", "--config", scene.Agent.Configuration),
            await scene.Agent.RunAsync("reload", "--socket", scene.Agent.Running.StatusSocket), // the agent itself reads the file
        ]);
        await flow.ReceiveAllAsync();

        SealedOption[] options = await OptionsOfAsync(scene, flow.Sent);
        string error = $"pdm6: The policy stays as it was: {scene.Agent.Configuration}: rule 2: \"port\" is not a setting; did you mean \"ports\"?\n";
        Assert.All(refused, result => Assert.Equal((2, "", error), (result.ExitCode, result.Output, result.Errors)));
        Assert.All(options, option => Assert.Equal(Carriage.DestinationOptionV2, option.Carriage));
        PolicyReload told = (await scene.Agent.Running.StatusAsync()).PolicyReload;
        Assert.Equal(1, told.Attempts);
        Assert.Contains("\"port\" is not a setting", told.Trouble, StringComparison.Ordinal);

        scene.Agent.WriteRules(s_policies[1]);
        ProgramResult taken = await scene.Agent.RunAsync("reload", "--config", scene.Agent.Configuration);

        Assert.Equal((0, "The new rules are in use.\n", ""), (taken.ExitCode, taken.Output, taken.Errors));
        Assert.Equal(new PolicyReload(2, ""), (await scene.Agent.Running.StatusAsync()).PolicyReload);
    }

    private static object Rule(string name, string carriage) => new { name, protocols = (string[])["udp"], carriage };

    /// <summary>A packet every millisecond or so, from before the work until after it.</summary>
    private static async Task SendWhileAsync(NumberedFlows flow, Func<Task> work)
    {
        for (int i = 0; i < RoundsAround; i++)
            flow.SendRound();
        Task working = Task.Run(work);
        using PeriodicTimer timer = new(s_pace);
        while (!working.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            flow.SendRound();
        }
        await working;
        for (int i = 0; i < RoundsAround; i++)
            flow.SendRound();
    }

    /// <summary>The options of the flow, in the order in which they came: so many.</summary>
    private static async Task<SealedOption[]> OptionsOfAsync(PolicyScene scene, int count)
    {
        SealedOption[] options = [];
        await Poll.UntilAsync(
            () => (options = [.. scene.Arrived.Options.Where(option => option.Flow.SourcePort == SourcePort)]).Length >= count,
            () => $"of {count} packets only {options.Length} have an option");
        Assert.Equal(count, options.Length);
        return options;
    }
}
