using Pdm6.Collector.Api;
using Pdm6.EndToEnd.Tests.Registration;

namespace Pdm6.EndToEnd.Tests.Clear;

/// <summary>What is sent in clear, from the kernel to the collector's tables: protocol reference, section 9.</summary>
public class ClearFormTests
{
    private const int Exchanges = 30;

    [RootTheory]
    [InlineData("destopt-v1")]
    [InlineData("destopt-v2-clear")]
    [InlineData("udp-option-clear")]
    public async Task ClearForm_OfASourceWithoutAContext_IsInTheTables(string carriage)
    {
        await using MeasuredLaboratory laboratory = await StartAsync(isServerAStranger: true);
        laboratory.StartClientAgent(Rules(carriage));
        laboratory.StartServerAgent(Rules(carriage));
        using Conversation conversation = new(laboratory.Hosts);

        GroupView? group = null;
        await conversation.UntilAsync(
            async () => (group = (await laboratory.ReadGroupsAsync()).GetValueOrDefault(Conversation.Group)) is { Packets: >= Exchanges, SentClear: >= Exchanges },
            $"what is sent in {carriage} is not in the tables");

        TotalsView totals = await laboratory.ReadTotalsAsync();
        Assert.InRange(totals.Clear, group!.Packets, long.MaxValue);
        Assert.Equal((0, 0, 0), (totals.Opened, totals.AuthenticationFailed, totals.Malformed));
        Assert.Equal(0, group.Sealed);
        Assert.Equal((0, 0, 1), (group.Duplicated, group.Reordered, group.Hops)); // the relay is the one router
    }

    [RootFact]
    public async Task ClearForm_OfASourceWithALiveContext_IsCountedAndInNoTable()
    {
        await using MeasuredLaboratory laboratory = await StartAsync(isServerAStranger: false);
        await laboratory.StartAgentsAsync(Rules("destopt-v1"));
        using Conversation conversation = new(laboratory.Hosts);

        await conversation.RunAsync(Exchanges);
        TotalsView? totals = null;
        await Poll.UntilAsync(
            async () =>
            {
                await laboratory.ReadGroupsAsync(); // flushes
                return (totals = await laboratory.ReadTotalsAsync()).Clear >= 2 * Exchanges;
            },
            () => $"not {2 * Exchanges} but {totals?.Clear} options in clear were observed");

        GroupView? group = (await laboratory.ReadGroupsAsync()).GetValueOrDefault(Conversation.Group);
        Assert.Equal((0, 0, 0), (group?.Packets ?? 0, group?.RoundTripNs.Samples ?? 0, group?.ServerDelayNs.Samples ?? 0));
        Assert.Equal((2 * Exchanges, 0), (totals!.Clear, totals.Opened));
    }

    private static Task<MeasuredLaboratory> StartAsync(bool isServerAStranger) => MeasuredLaboratory.StartAsync(
        laboratory => Task.FromResult<ILaboratoryKeys>(new ClearKeys(laboratory, isServerAStranger)));

    private static object[] Rules(string carriage) =>
        [new { name = Conversation.Group, protocols = (string[])["udp"], ports = (int[])[Conversation.Port], carriage }];
}
