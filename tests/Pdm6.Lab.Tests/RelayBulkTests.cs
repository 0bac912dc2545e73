using System.Net;
using System.Security.Cryptography;

namespace Pdm6.Lab.Tests;

[Collection("laboratory")]
public sealed class RelayBulkTests
{
    private const long Octets = 50_000_000;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Download_ThroughRelay_ArrivesIntact(bool superPackets, bool checksumOffload)
    {
        await using Laboratory laboratory = Laboratory.Create();
        foreach (LinkEnd end in (LinkEnd[])[laboratory.ClientLink.First, laboratory.ServerLink.First])
        {
            if (!superPackets)
            {
                end.SetOffload(Offload.TcpSegmentation, false);
                end.SetOffload(Offload.Segmentation, false);
            }
            if (!checksumOffload)
                end.SetOffload(Offload.TransmitChecksum, false);
        }
        await using RunningRelay relay = RunningRelay.Start(laboratory.Router, laboratory.Relay(new(), new()));
        IPAddress address = IPAddress.Parse(LaboratoryAddresses.Server.ToString());
        // The server binds its ports before it first yields, so on the thread that is in the namespace.
        await using ThinkingServer server = laboratory.Server.Within(
            () => ThinkingServer.StartAsync(address, [ThinkingServer.DownloadPort]).GetAwaiter().GetResult());
        string file = Path.GetTempFileName();
        try
        {
            laboratory.Client.Run(
                "curl", "--silent", "--show-error", "--fail", "--max-time", "60", "-o", file,
                $"http://[{address}]:{ThinkingServer.DownloadPort}/download/{Octets}");

            await using FileStream body = File.OpenRead(file);
            Assert.Equal(Octets, body.Length);
            Assert.Equal(ThinkingServer.HashOf(Octets), Convert.ToHexStringLower(await SHA256.HashDataAsync(body)));
        }
        finally
        {
            File.Delete(file);
        }
        RelayCounters counters = await relay.StopAsync();
        Assert.Equal(0, counters.ToClient.KernelDrops);
        Assert.Equal(0, counters.ToClient.SendFailed);
        // With super-packets far fewer packets than segments of 1440 octets passed.
        long segments = Octets / 1440;
        Assert.InRange(counters.ToClient.Forwarded, superPackets ? 1 : segments, superPackets ? segments / 4 : 2 * segments);
    }
}
