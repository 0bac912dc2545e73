using Pdm6.EndToEnd.Tests.Frames;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Registration;

/// <summary>Keys change while hosts talk, and nobody notices.</summary>
public class RotationTests
{
    private const int FramePort = 8250;

    /// <summary>Options and udp-frames, which have keys of their own.</summary>
    [RootFact]
    public async Task Contexts_RotatedTwiceUnderLoad_LoseNoMeasurement()
    {
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        long withoutKey = await laboratory.StartAgentsAsync(epochSeconds: 2, contextSeconds: 6, new
        {
            name = "frames", destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (int[])[FramePort],
            carriage = "udp-frame", sacrificial = true,
        });
        using FrameTalk frames = new(laboratory.Measured.Hosts, FramePort);
        HashSet<ContextId> client = [], server = [];

        await laboratory.Conversation.UntilAsync(
            async () =>
            {
                Assert.Equal((true, true), await frames.ExchangeAsync(30, 500));
                client.Add(await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client));
                server.Add(await RegisteredLaboratory.ContextAsync(laboratory.Measured.Server));
                return client.Count >= 3 && server.Count >= 3;
            },
            "contexts do not change");

        await laboratory.RequireNothingLostAsync(withoutKey);
    }

    [RootFact]
    public async Task Registrar_KilledAndStartedAgain_MeasuringGoesOnThroughEpochsAndContexts()
    {
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        long withoutKey = await laboratory.StartAgentsAsync(epochSeconds: 4, contextSeconds: 24);
        ContextId first = await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client);

        await laboratory.Registrar.KillAsync();
        int epoch = await laboratory.Measured.Client.EpochAsync();
        await laboratory.Conversation.UntilAsync(
            async () => await laboratory.Measured.Client.EpochAsync() != epoch, "epochs do not change");
        Assert.Equal(first, await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client));
        await laboratory.Registrar.StartAsync();
        await laboratory.Conversation.UntilAsync(
            async () => await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client) != first, "contexts do not change");
        await laboratory.Conversation.RunAsync(20);

        await laboratory.RequireNothingLostAsync(withoutKey);
    }

    [RootFact]
    public async Task Registrar_AwayWhenAContextEnds_NothingIsSealedThatNobodyCouldOpen()
    {
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        await laboratory.StartAgentsAsync(epochSeconds: 3, contextSeconds: 12);
        ContextId first = await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client);
        await laboratory.Registrar.KillAsync();

        await laboratory.Conversation.UntilAsync(
            async () => await laboratory.Measured.Client.StatusAsync() is var now && now.ContextId != first && now.PairsWithKey == 0,
            "the context does not end");
        Assert.NotEqual("", (await laboratory.Measured.Client.StatusAsync()).RegistrarTrouble);
        await laboratory.Conversation.RunAsync(20); // applications go on
        await laboratory.Registrar.StartAsync();

        await laboratory.Conversation.UntilAsync(
            async () => await laboratory.Measured.Client.StatusAsync() is { PairsWithKey: > 0 }, "nothing is sealed after the registrar came back");
    }
}
