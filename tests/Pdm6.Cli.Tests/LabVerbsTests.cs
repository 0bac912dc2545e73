using Pdm6.Lab;

namespace Pdm6.Cli.Tests;

public sealed class LabVerbsTests
{
    [Fact]
    public async Task LabRelay_AsAProgram_ForwardsAnswersAndEndsWithItsCounters()
    {
        string path = Path.GetTempFileName();
        await using Laboratory laboratory = Laboratory.Create();
        laboratory.Relay(new Impairments { DelayMilliseconds = 5 }, new()).Save(path);
        await using RelayProcess relay = await RelayProcess.StartAsync(
            laboratory, OwnProgram.Command("lab", "relay", "--config", path), CancellationToken.None);
        File.Delete(path);

        string ping = laboratory.Client.Run("ping", "-c", "5", "-i", "0.02", "-W", "2", LaboratoryAddresses.Server.ToString());

        Assert.Contains("5 received", ping);
        RelayCounters running = await relay.CountersAsync(CancellationToken.None);
        Assert.Equal((5, 5), (running.ToServer.Forwarded, running.ToClient.Forwarded));
        RelayCounters last = await relay.StopAsync();
        Assert.Equal((5, 5, 0), (last.ToServer.Received, last.ToClient.Received, last.Held));
    }

    [Fact]
    public async Task LabHttpServer_AsAProgram_ServesUntilItIsStopped()
    {
        await using Laboratory laboratory = Laboratory.Create();
        LabProcess server = laboratory.Start("server", laboratory.Server, OwnProgram.Command(
            "lab", "http-server", "--address", "::1", "--port", "8080"));
        await server.WaitForLineAsync(HttpServerCommand.ReadyText, TimeSpan.FromSeconds(30));

        Assert.Equal(ThinkingServer.SmallBody, laboratory.Server.Run("curl", "--silent", "http://[::1]:8080/small"));
        Assert.Equal(0, await server.StopAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task LabHttpServer_AddressOfAnotherHost_SaysSoAndFails()
    {
        await using Laboratory laboratory = Laboratory.Create();
        LabProcess server = laboratory.Start("server", laboratory.Server, OwnProgram.Command(
            "lab", "http-server", "--address", "2001:db8::99"));

        Assert.Equal(ExitCode.Failure, await server.WaitAsync());
        Assert.Contains("2001:db8::99", Assert.Single(server.LastLines));
    }
}
