using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.BadInput;

/// <summary>What cannot work is refused in one line that says what to do, with exit code 2, and changes nothing.</summary>
public class RefusalTests(BareHost host) : IClassFixture<BareHost>
{
    private const string Rules = """[{ "name": "all" }]""";

    [RootTheory]
    [InlineData("\"interfaces\": [\"eth0\"]", "\"intefaces\": [\"eth0\"]", "\"intefaces\"", "did you mean \"interfaces\"")]
    [InlineData("\"eth0\"", "\"eth7\"", "eth7", "'ip link' lists")]
    [InlineData("\"eth0\"", "\"lo\"", "lo is not an Ethernet interface", "choose another")]
    [InlineData("\"eth0\"", "\"tun0\"", "tun0 is not an Ethernet interface", "choose another")]
    [InlineData("lab.key", "absent.key", "absent.key", "does not exist", "create one")]
    [InlineData("lab.key", "short.key", "short.key", "64 hexadecimal digits")]
    [InlineData("lab.key", "open.key", "open.key", "chmod 600")]
    [InlineData("\"rules\": " + Rules, "\"epochSeconds\": 60", "\"rules\" is missing", "write for example")]
    [InlineData(Rules, "[]", "\"rules\"", "not empty")]
    [InlineData(Rules, """[{ "name": "all", "destinations": ["2001:db8::/129"] }]""", "2001:db8::/129", "write it like")]
    [InlineData(Rules, """[{ "name": "all", "protocols": ["udp"], "ports": [70000] }]""", "70000", "from 0 to 65535")]
    [InlineData("\"name\": \"bad\",", "\"name\": \"bad\"", "line 3 is not JSON", "pdm6 agent config example")]
    public async Task AgentConfiguration_OneThingWrong_IsRefused(string right, string wrong, params string[] hints)
    {
        await WriteKeysAsync();
        string good = Configuration();
        Assert.Contains(right, good, StringComparison.Ordinal);
        string path = host.Write("agent.json", good.Replace(right, wrong, StringComparison.Ordinal));
        await host.RequireRefusalAsync(Agent(path), hints);
    }

    [RootFact]
    public Task Agent_NoConfigurationFile_IsRefused() =>
        host.RequireRefusalAsync(Agent(host.PathOf("absent.json")), "absent.json", "give the path of a configuration file");

    [RootFact]
    public Task Agent_WithoutCapBpf_IsRefused() => host.RequireRefusalAsync(
        WithFewerRights("--bounding-set", "-bpf,-sys_admin", Agent(host.Write("agent.json", Configuration()))), "CAP_BPF", "run as root");

    [RootFact]
    public Task Agent_OfAnotherUser_IsRefused() => host.RequireRefusalAsync(
        WithFewerRights("--reuid=65534", "--clear-groups", Agent(host.Write("agent.json", Configuration()))), "CAP_NET_ADMIN", "run as root");

    [RootFact]
    public Task Status_OfAnAgentThatDoesNotRun_IsRefused() => host.RequireRefusalAsync(
        Pdm6Program.Command("agent", "status", "--socket", host.PathOf("nobody.sock")), "nobody.sock", "is it running");

    [RootFact]
    public Task Collector_PageOpenToTheNetwork_IsRefused() => host.RequireRefusalAsync(
        Pdm6Program.Command("collector", "--config", host.Write("collector.json", """{ "keyFile": "lab.key", "web": "[::]:8650" }""")),
        "[::]:8650 is not a loopback address", "SSH tunnel");

    [RootFact]
    public async Task SecondAgent_StatusSocketInUse_IsRefusedAndTheFirstWorksOn()
    {
        string configuration = host.Write("first.json", Configuration());
        await using LabProcess first = host.Start(Agent(configuration));
        CommandLine status = Pdm6Program.Command("agent", "status", "--config", configuration);
        await first.WaitForLineAsync("measuring from", TimeSpan.FromSeconds(60));

        await host.RequireRefusalAsync(Agent(configuration), "already running", "stop it first");

        ProgramResult answer = await status.RunAsync();
        Assert.Equal((0, ""), (answer.ExitCode, answer.Errors));
        Assert.Contains($"\"processId\": {first.Id}", answer.Output, StringComparison.Ordinal);
        Assert.Equal(0, await first.StopAsync(TimeSpan.FromSeconds(60)));
    }

    private static CommandLine Agent(string configuration) => Pdm6Program.Command("agent", "--config", configuration);

    private static CommandLine WithFewerRights(string option, string value, CommandLine agent) =>
        CommandLine.Of("setpriv", [option, value, agent.Program, .. agent.Arguments]);

    // The first setting is on line 2: an error in the end of it shows on the next.
    private static string Configuration() => $$"""
        {
          "name": "bad",
          "interfaces": ["eth0"],
          "keyFile": "lab.key",
          "collector": "https://[2001:db8:ffff::1]:8651",
          "rules": {{Rules}},
          "statusSocket": "agent.sock"
        }
        """;

    private async Task WriteKeysAsync()
    {
        string digits = await File.ReadAllTextAsync(host.PathOf("lab.key"));
        File.SetUnixFileMode(host.Write("short.key", digits[1..]), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(host.Write("open.key", digits), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }
}
