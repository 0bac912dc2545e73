using Pdm6.Agent.Status;
using Pdm6.EndToEnd.Tests.Policy;
using Pdm6.Export;

namespace Pdm6.EndToEnd.Tests.Frames;

/// <summary>Rules with udp-frames that come and go while the agent runs.</summary>
public class FrameReloadTests
{
    private const int Port = 8250, OtherPort = 8251, Octets = 30, Datagrams = 20;
    private const string Frames = "frames";

    private static readonly object s_rest = new { name = "rest", protocols = (string[])["udp"], carriage = "destopt-v2" };

    [RootFact]
    public async Task Rule_AppearsChangesDisappearsAndComesBack_TakesTheDatagramsThatItNamesAndNoOthers()
    {
        await using PolicyScene scene = await PolicyScene.StartAsync(s_rest);
        using FrameTalk talk = new(scene.Hosts, Port), other = new(scene.Hosts, OtherPort);
        await RequireAsync(talk, areFrames: false);

        await ReloadAsync(scene, Rule(Port), s_rest);
        // The context has no key for frames: another one is on its way.
        await Poll.UntilAsync(() => talk.AskAsync(Octets), () => "no frame is made under a rule that came");
        await RequireAsync(talk, areFrames: true);
        await RequireAsync(other, areFrames: false);

        await ReloadAsync(scene, Rule(OtherPort), s_rest);
        await RequireAsync(talk, areFrames: false);
        await RequireAsync(other, areFrames: true);

        await ReloadAsync(scene, s_rest);
        await RequireAsync(talk, areFrames: false);
        await RequireAsync(other, areFrames: false);

        await ReloadAsync(scene, Rule(Port), s_rest);
        await Poll.UntilAsync(() => talk.AskAsync(Octets), () => "no frame is made under a rule that came back");
        await RequireAsync(talk, areFrames: true);
        await RequireAsync(other, areFrames: false);

        RuleCounters counted = (await scene.Agent.Running.CountersAsync()).Rules.Single(rule => rule.Name == Frames);
        Assert.InRange(counted.Sealed, 1, 3 * Datagrams + 2); // of the context in use
    }

    private static object Rule(int port) => new
    {
        name = Frames, protocols = (string[])["udp"], ports = (int[])[port], carriage = "udp-frame", sacrificial = true,
    };

    /// <summary>Returns when the rules are in use.</summary>
    private static Task ReloadAsync(PolicyScene scene, params object[] rules)
    {
        scene.Agent.WriteRules(rules);
        return ReloadRequest.SendAsync(scene.Agent.Running.StatusSocket, CancellationToken.None);
    }

    private static async Task RequireAsync(FrameTalk talk, bool areFrames)
    {
        for (int i = 0; i < Datagrams; i++)
            Assert.Equal(areFrames, await talk.AskAsync(Octets));
    }
}
