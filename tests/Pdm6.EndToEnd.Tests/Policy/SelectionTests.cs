using System.Globalization;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Rules that ask who sent a packet, and not what it is.</summary>
public class SelectionTests
{
    private const int Packets = 30;

    [RootFact]
    public async Task MarkRule_FlowsThatNftablesMarks_MeasuresTheseOnly()
    {
        const ushort marked = 40_001, otherwise = 40_002, unmarked = 40_003;
        await using PolicyScene scene = await PolicyScene.StartAsync(new { name = "shop", mark = "0x10/0xff" });
        File.WriteAllText(scene.PathOf("mark.nft"), $$"""
            table inet pdm6 {
              chain choose {
                type route hook output priority mangle; policy accept;
                udp sport {{marked}} meta mark set mark and 0xffffff00 or 0x10
                udp sport {{otherwise}} meta mark set 0x11
              }
            }
            """);
        scene.Hosts.Client.Run("nft", "-f", scene.PathOf("mark.nft"));
        using NumberedFlows flows = new(scene.Hosts, [marked, otherwise, unmarked]);

        await flows.RunAsync(Packets);

        await WaitForAsync(scene, flow => flow.SourcePort == marked);
        Assert.DoesNotContain(scene.Arrived.Options, option => option.Flow.SourcePort is otherwise or unmarked);
    }

    [CgroupFact]
    public async Task CgroupRule_ProcessesInItBelowItAndOutside_MeasuresTheFirstTwo()
    {
        using ControlGroups groups = new();
        await using PolicyScene scene = await PolicyScene.StartAsync(new { name = "service", protocols = (string[])["icmpv6"], cgroups = (string[])[groups.Service] });

        await PingAsync(scene, groups.Service, identifier: 1001);
        await PingAsync(scene, groups.BelowService, identifier: 1002);
        await PingAsync(scene, groups.Beside, identifier: 1003);

        await WaitForAsync(scene, flow => flow.DestinationPort == 1001);
        await WaitForAsync(scene, flow => flow.DestinationPort == 1002);
        Assert.DoesNotContain(scene.Arrived.Options, option => option.Flow.DestinationPort == 1003);
    }

    private static async Task PingAsync(PolicyScene scene, string group, ushort identifier)
    {
        CommandLine ping = scene.Hosts.Client.Inside(CommandLine.Of(
            "ping", "-6", "-q", "-c", $"{Packets}", "-i", "0.005", "-e", identifier.ToString(CultureInfo.InvariantCulture), LaboratoryAddresses.Server.ToString()));
        ProgramResult result = await ControlGroups.In(group, ping).RunAsync();
        Assert.True(result.ExitCode == 0, $"{result.Output}{result.Errors}");
    }

    private static Task WaitForAsync(PolicyScene scene, Func<FlowKey, bool> isIt) => Poll.UntilAsync(
        () => scene.Arrived.Options.Count(option => isIt(option.Flow)) == Packets,
        () => $"not {Packets} but {scene.Arrived.Options.Count(option => isIt(option.Flow))} packets are measured");
}
