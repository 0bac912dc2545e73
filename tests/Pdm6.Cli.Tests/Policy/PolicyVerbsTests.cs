using System.Text.Json;

namespace Pdm6.Cli.Tests.Policy;

/// <summary><c>pdm6 agent policy</c> and <c>pdm6 agent reload</c> as operators meet them: output, errors, exit codes.</summary>
public sealed class PolicyVerbsTests : IDisposable
{
    private const string
        Good = """{ "name": "dns", "protocols": ["udp"], "ports": [53] }, { "name": "shop", "mark": "0x10/0xff", "dscp": ["ef"], "interfaces": ["eth0"], "carriage": "destopt-v1" }""",
        Shadowed = """{ "name": "all" }, { "name": "dns", "ports": [53] }""",
        Typo = """{ "name": "dns", "port": [53] }""",
        Dns = "udp [2001:db8::1]:40000 [2001:db8::2]:53",
        Web = "tcp [2001:db8::1]:40000 [2001:db8::2]:443";

    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-policy-").FullName;

    private string File => Path.Combine(_directory, "agent.json");

    private string Socket => Path.Combine(_directory, "agent.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Check_RulesThatLoad_SaysSo()
    {
        WriteRules(Good);

        Assert.Equal((0, "2 rules, 0 warnings: the configuration loads.\n", ""), await Tool.RunAsync("agent", "policy", "check", File));
        Assert.Equal((0, "[]\n", ""), await Tool.RunAsync("agent", "policy", "check", File, "--json"));
    }

    [Fact]
    public async Task Check_RuleThatNothingReaches_WarnsAndEndsWithZero()
    {
        WriteRules(Shadowed);

        (int code, string output, string errors) = await Tool.RunAsync("agent", "policy", "check", File);
        (_, string json, _) = await Tool.RunAsync("agent", "policy", "check", File, "--json");

        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("warning: rule 2, dns: no packet can fall under it: rule 1, all, comes first", output, StringComparison.Ordinal);
        Assert.EndsWith("2 rules, 1 warnings: the configuration loads.\n", output, StringComparison.Ordinal);
        JsonElement warning = Assert.Single(JsonDocument.Parse(json).RootElement.EnumerateArray());
        Assert.Equal((2, "dns"), (warning.GetProperty("rule").GetInt32(), warning.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData(Typo, "rule 1: \"port\" is not a setting; did you mean \"ports\"?")]
    [InlineData("{ \"name\": \"a\" }, { \"name\": \"b\", \"ports\": [70000] }", "rule 2: \"ports\": 70000 is not a port; write a number from 0 to 65535")]
    [InlineData("{ \"name\": \"a\" }, { \"name\": \"a\" }", "\"rules\": a is there twice; take one out")]
    [InlineData("\n\n{ \"name\": }", "line 4 is not JSON; compare with 'pdm6 agent config example'")]
    public async Task Check_FileThatCannotBe_NamesThePlaceAndWhatToDo(string rules, string error)
    {
        WriteRules(rules);

        (int code, string output, string errors) = await Tool.RunAsync("agent", "policy", "check", File);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"pdm6: {File}: {error}", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Check_NoSuchFile_SaysWhatToGive()
    {
        (int code, _, string errors) = await Tool.RunAsync("agent", "policy", "check", File);

        Assert.Equal(2, code);
        Assert.Contains("give the path of a configuration file", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_File_ShowsTheRulesUpToTheOneThatDecides()
    {
        WriteRules(Good);

        Assert.Equal(
            (0, "  1  dns  fits  measured with destopt-v2, if the pair has a key and the packet has room\n", ""), await ExplainAsync(Dns, "--file", File));
        Assert.Equal(
            (0, """
                  1  dns   no    protocols do not have 6
                  2  shop  no    dscp does not have 0
                no rule fits: left alone, and not counted

                """, ""), await ExplainAsync(Web, "--file", File));
    }

    [Theory]
    [InlineData("no    dscp does not have 0", "--mark", "0x10", "--interface", "eth0")]
    [InlineData("no    mark does not fit 0x11", "--dscp", "ef", "--mark", "0x11", "--interface", "eth0")]
    [InlineData("no    asks for the interface; say which with --interface", "--dscp", "ef", "--mark", "0x10")]
    [InlineData("fits  measured with destopt-v1", "--dscp", "46", "--mark", "0x110", "--interface", "eth0")]
    public async Task Explain_MarkCodePointAndInterface_ArePartOfTheQuestion(string answer, params string[] options)
    {
        WriteRules(Good);

        (int code, string output, _) = await ExplainAsync(Web, ["--file", File, .. options]);

        Assert.Equal(0, code);
        Assert.Contains($"2  shop  {answer}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp 2001:db8::1 2001:db8::2", "udp has ports; write both ends like [2001:db8::1]:40000.")]
    [InlineData("icmpv6 2001:db8::1 192.0.2.1", "192.0.2.1 is not an end of a flow")]
    [InlineData("upd [2001:db8::1]:1 [2001:db8::2]:53", "upd is not a protocol")]
    [InlineData(Dns + " --dscp 64", "--dscp: 64 is not a code point")]
    [InlineData(Dns + " --mark mark", "--mark: mark is not a number")]
    public async Task Explain_WhatIsNoFlow_SaysWhatToWrite(string question, string error)
    {
        WriteRules(Good);

        (int code, string output, string errors) = await ExplainAsync(question, "--file", File);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"pdm6: {error}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_NeitherFileNorAgent_OrBoth_SaysWhatToGive()
    {
        WriteRules(Good);

        Assert.Equal(
            (2, "", "pdm6: Say whose rules: give --config FILE or --socket PATH of a running agent, or --file FILE.\n"), await ExplainAsync(Dns));
        Assert.Equal(
            (2, "", "pdm6: --file asks no agent, --config and --socket do: give one of them.\n"), await ExplainAsync(Dns, "--file", File, "--config", File));
    }

    [Theory]
    [InlineData("agent", "reload")]
    [InlineData("agent", "policy", "explain", "udp", "[2001:db8::1]:1", "[2001:db8::2]:53")]
    public async Task AskAgent_NobodyRuns_SaysSo(params string[] verb)
    {
        WriteRules(Good);

        foreach (string[] who in (string[][])[["--config", File], ["--socket", Socket]])
        {
            (int code, string output, string errors) = await Tool.RunAsync([.. verb, .. who]);

            Assert.Equal((2, ""), (code, output));
            Assert.StartsWith($"pdm6: No agent answers behind {Socket}", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reload_FileThatCannotBe_SaysThatTheOldPolicyStays()
    {
        WriteRules(Typo);

        Assert.Equal(
            (2, "", $"pdm6: The policy stays as it was: {File}: rule 1: \"port\" is not a setting; did you mean \"ports\"?\n"),
            await Tool.RunAsync("agent", "reload", "--config", File));
    }

    [Fact]
    public async Task Reload_NeitherFileNorSocket_SaysWhatToGive() => Assert.Equal(
        (2, "", "pdm6: Say which agent: give either --config FILE or --socket PATH.\n"), await Tool.RunAsync("agent", "reload"));

    private void WriteRules(string rules) => System.IO.File.WriteAllText(File, $$"""
        { "name": "h", "interfaces": ["eth0"], "keyFile": "k", "collector": "https://[::1]:1", "statusSocket": "agent.sock",
          "rules": [{{rules}}] }
        """);

    private static Task<(int Code, string Output, string Errors)> ExplainAsync(string question, params string[] options) =>
        Tool.RunAsync(["agent", "policy", "explain", .. question.Split(' '), .. options]);
}
