using System.Text;
using Pdm6.Agent.Configuration;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Configuration;

public class AgentConfigurationTests
{
    private const string Least = """
        "name": "a", "interfaces": ["eth0"], "keyFile": "k", "collector": "https://[::1]:8651", "rules": [{ "name": "all" }]
        """;

    [Fact]
    public void Example_AsPrinted_LoadsWithTheDefaultsOfAMinimalConfiguration()
    {
        AgentConfiguration example = Parse(AgentConfiguration.Example);
        AgentConfiguration minimal = Parse($"{{ {Least} }}");

        Assert.Equal(["dns", "web", "ping"], example.Rules.Select(rule => rule.Name));
        Assert.Equal(
            (minimal.EpochSeconds, minimal.PathMtu, minimal.FlowTableSize, minimal.OptionType, minimal.UdpOptionExId, minimal.Strip, minimal.UnregisteredDestinations),
            (example.EpochSeconds, example.PathMtu, example.FlowTableSize, example.OptionType, example.UdpOptionExId, example.Strip, example.UnregisteredDestinations));
        Assert.Equal(("/var/lib/pdm6/identity", null), (example.Identity, example.KeyFile));
        Assert.Null(example.Addresses);
        Assert.Equal("/run/pdm6/host-a.sock", example.StatusSocket);
    }

    [Fact]
    public void Parse_EverySetting_IsTaken()
    {
        AgentConfiguration configuration = Parse("""
            {
              "name": "client", "interfaces": ["eth0", "eth1"], "keyFile": "lab.key", "collector": "https://[2001:db8::9]:1",
              "addresses": ["2001:db8::1"],
              "rules": [{ "name": "dns", "destinations": ["2001:db8::/32", "::1"], "protocols": ["udp", 6], "ports": [53, "8000-8010"], "sampleOneIn": 7 }],
              "epochSeconds": 5, "pathMtu": 1500, "flowTableSize": 10, "optionType": "0x3E", "udpOptionExId": "0xABCD", "strip": true, "unregisteredDestinations": true,
              "statusSocket": "sub/s.sock", // comments and trailing commas are fine
            }
            """);

        Assert.Equal(("client", "/base/lab.key", "/base/sub/s.sock"), (configuration.Name, configuration.KeyFile, configuration.StatusSocket));
        Assert.Equal(["eth0", "eth1"], configuration.Interfaces);
        Assert.Equal(new Uri("https://[2001:db8::9]:1"), configuration.Collector);
        Assert.Equal([Ipv6Address.Parse("2001:db8::1")], configuration.Addresses!);
        Assert.Equal((5, 1500, 10, 0x3e, 0xabcd, true, true), (configuration.EpochSeconds, configuration.PathMtu, configuration.FlowTableSize,
            configuration.OptionType, configuration.UdpOptionExId, configuration.Strip, configuration.UnregisteredDestinations));
        PolicyRule policy = Assert.Single(configuration.Rules).Policy;
        Assert.Equal(["2001:db8::/32", "::1/128"], policy.Destinations.Select(prefix => prefix.ToString()));
        Assert.Equal([NextHeader.Udp, NextHeader.Tcp], policy.Protocols);
        Assert.Equal([new PortRange(53, 53), new PortRange(8000, 8010)], policy.Ports);
        Assert.Equal(7u, policy.SampleOneIn);
    }

    [Fact]
    public void Parse_RuleWithNameOnly_FitsEverything()
    {
        PolicyRule policy = Parse($"{{ {Least} }}").Rules[0].Policy;

        Assert.Equal(["::/0"], policy.Destinations.Select(prefix => prefix.ToString()));
        Assert.Empty(policy.Protocols);
        Assert.Empty(policy.Ports);
    }

    [Theory]
    [InlineData("\"epochSecond\": 5", "\"epochSecond\" is not a setting; did you mean \"epochSeconds\"?")]
    [InlineData("\"unregistered\": true", "\"unregistered\" is not a setting; did you mean \"unregisteredDestinations\"?")]
    [InlineData("\"epochSeconds\": 0", "\"epochSeconds\" must be a whole number from 1 to 43200")]
    [InlineData("\"epochSeconds\": \"60\"", "\"epochSeconds\" must be a whole number from 1 to 43200")]
    [InlineData("\"epochSeconds\": 1.5", "\"epochSeconds\" must be a whole number from 1 to 43200")]
    [InlineData("\"pathMtu\": 1279", "\"pathMtu\" must be a whole number from 1280 to 65535")]
    [InlineData("\"flowTableSize\": 0", "\"flowTableSize\" must be a whole number from 1 to 16777216")]
    [InlineData("\"strip\": 1", "\"strip\" must be true or false")]
    [InlineData("\"statusSocket\": \"\"", "\"statusSocket\" must be a text in quotes that is not empty")]
    [InlineData("\"optionType\": \"0x0f\"", "\"optionType\": 0x0f cannot be PDMv2's")]
    [InlineData("\"optionType\": \"30\"", "\"optionType\": 30 cannot be PDMv2's")]
    [InlineData("\"optionType\": \"0xde\"", "\"optionType\": 0xde cannot be PDMv2's")]
    [InlineData("\"udpOptionExId\": \"0x0\"", "\"udpOptionExId\": 0x0 is not an ExID; write four hex digits")]
    [InlineData("\"udpOptionExId\": \"504d\"", "\"udpOptionExId\": 504d is not an ExID")]
    [InlineData("\"udpOptionExId\": \"0x10000\"", "\"udpOptionExId\": 0x10000 is not an ExID")]
    [InlineData("\"addresses\": []", "\"addresses\" must be a list in brackets that is not empty")]
    [InlineData("\"addresses\": [\"192.0.2.1\"]", "\"addresses\": \"192.0.2.1\" is not an IPv6 address")]
    [InlineData("\"addresses\": [\"::2\", \"0::2\"]", "\"addresses\": ::2 is there twice")]
    public void Parse_WrongSetting_IsRefusedWithItsNameAndWhatToWrite(string setting, string error) =>
        Assert.StartsWith(error, Refused($"{{ {Least}, {setting} }}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("name", "\"name\" is missing; write for example \"name\": \"host-a\"")]
    [InlineData("interfaces", "\"interfaces\" is missing; write for example \"interfaces\": [\"eth0\"]")]
    [InlineData("collector", "\"collector\" is missing; write for example \"collector\": \"https://[2001:db8::100]:8651\"")]
    [InlineData("rules", "\"rules\" is missing; write for example \"rules\": [{ \"name\": \"all\" }]")]
    public void Parse_MissingSetting_IsRefusedWithAnExample(string missing, string error)
    {
        string[] settings =
        [
            "\"name\": \"a\"", "\"interfaces\": [\"eth0\"]", "\"keyFile\": \"k\"", "\"collector\": \"https://[::1]:1\"", "\"rules\": [{ \"name\": \"all\" }]",
        ];
        string rest = string.Join(", ", settings.Where(setting => !setting.StartsWith($"\"{missing}\"", StringComparison.Ordinal)));

        Assert.Equal(error, Refused($"{{ {rest} }}"));
    }

    [Theory]
    [InlineData("", "\"identity\" is missing; enroll this host ('pdm6 enroll --help')")]
    [InlineData("\"identity\": \"i\", \"keyFile\": \"k\", \"analyzers\": [],", "\"identity\" and \"keyFile\" exclude each other; keep one")]
    [InlineData("\"keyFile\": \"k\", \"analyzers\": [],", "\"registrar\" and \"analyzers\" go with \"identity\"")]
    [InlineData("\"keyFile\": \"k\", \"registrar\": \"https://r:1\",", "\"registrar\" and \"analyzers\" go with \"identity\"")]
    [InlineData("\"identity\": \"i\",", "\"analyzers\" is missing; list the fingerprints of those that may open")]
    [InlineData("\"identity\": \"i\", \"analyzers\": [\"abc\"],", "\"analyzers\": \"abc\" is not a fingerprint; write the 64 hex digits")]
    [InlineData("\"identity\": \"i\", \"analyzers\": {},", "\"analyzers\" must be a list in brackets")]
    [InlineData("\"identity\": \"i\", \"analyzers\": [], \"registrar\": \"http://r\",", "\"registrar\": http://r is not a registrar; write it like")]
    public void Parse_WrongWayToKeys_SaysWhatToWrite(string settings, string error) =>
        Assert.StartsWith(error, Refused(
            $"{{ {settings} \"name\": \"a\", \"interfaces\": [\"e\"], \"collector\": \"https://[::1]:1\", \"rules\": [{{ \"name\": \"x\" }}] }}"),
            StringComparison.Ordinal);

    [Fact]
    public void Parse_Registration_IsTaken()
    {
        string analyzer = new('a', 64);
        AgentConfiguration configuration = Parse($$"""
            { "name": "a", "interfaces": ["e"], "collector": "https://[::1]:1", "rules": [{ "name": "x" }],
              "identity": "id", "registrar": "https://registrar.example:8652", "analyzers": ["{{analyzer}}"], "contextSeconds": 600 }
            """);

        Assert.Equal(("/base/id", null, 600), (configuration.Identity, configuration.KeyFile, configuration.ContextSeconds));
        Assert.Equal(new Uri("https://registrar.example:8652"), configuration.Registrar);
        Assert.Equal([analyzer], configuration.Analyzers.Select(fingerprint => fingerprint.ToString()));
    }

    [Theory]
    [InlineData("{ }", "rule 1: \"name\" is missing")]
    [InlineData("{ \"name\": \"a b\" }", "rule 1: \"name\": a name has at most 64 letters, digits, dots, hyphens and underscores")]
    [InlineData("{ \"name\": \"x\", \"port\": [1] }", "rule 1: \"port\" is not a setting; did you mean \"ports\"?")]
    [InlineData("{ \"name\": \"x\", \"ports\": [65536] }", "rule 1: \"ports\": 65536 is not a port")]
    [InlineData("{ \"name\": \"x\", \"ports\": [\"9-8\"] }", "rule 1: \"ports\": \"9-8\" is not a port")]
    [InlineData("{ \"name\": \"x\", \"ports\": [\"80\"] }", "rule 1: \"ports\": \"80\" is not a port")]
    [InlineData("{ \"name\": \"x\", \"protocols\": [\"upd\"] }", "rule 1: \"protocols\": \"upd\" is not a protocol")]
    [InlineData("{ \"name\": \"x\", \"protocols\": [256] }", "rule 1: \"protocols\": 256 is not a protocol")]
    [InlineData("{ \"name\": \"x\", \"protocols\": [\"icmpv6\"], \"ports\": [1] }", "rule 1: \"ports\": protocol 58 has no ports")]
    [InlineData("{ \"name\": \"x\", \"destinations\": [\"2001:db8::1/64\"] }", "rule 1: \"destinations\": \"2001:db8::1/64\" is not an IPv6 prefix")]
    [InlineData("{ \"name\": \"x\", \"sampleOneIn\": 0 }", "rule 1: \"sampleOneIn\" must be a whole number")]
    [InlineData("{ \"name\": \"x\", \"carriage\": \"udp\" }", "rule 1: \"carriage\": udp is none; did you mean \"udp-option\"?")]
    [InlineData("{ \"name\": \"x\", \"carriage\": \"nothing\" }", "rule 1: \"carriage\": nothing is none")]
    [InlineData("{ \"name\": \"x\", \"carriage\": \"udp-frame\" }", "rule 1: \"carriage\": udp-frame replaces the application's data")]
    [InlineData("{ \"name\": \"x\", \"carriage\": \"udp-frame\", \"sacrificial\": true }", "rule 1: \"protocols\": udp-frame replaces the payload of UDP datagrams")]
    [InlineData("{ \"name\": \"x\", \"protocols\": [\"tcp\", \"udp\"], \"ports\": [1], \"carriage\": \"udp-frame\", \"sacrificial\": true }", "rule 1: \"protocols\": udp-frame replaces the payload of UDP datagrams")]
    [InlineData("{ \"name\": \"x\", \"protocols\": [\"udp\"], \"carriage\": \"udp-frame\", \"sacrificial\": true }", "rule 1: \"ports\" is missing; udp-frame destroys what it replaces")]
    [InlineData("{ \"name\": \"x\", \"protocols\": [\"udp\"], \"ports\": [\"1-256\", 300], \"carriage\": \"udp-frame\", \"sacrificial\": true }", "rule 1: \"ports\": 257 ports are too many for udp-frame")]
    [InlineData("{ \"name\": \"x\", \"carriage\": \"udp-option\", \"sacrificial\": true }", "rule 1: \"sacrificial\" goes with \"carriage\": \"udp-frame\" only")]
    [InlineData("{ \"name\": \"x\", \"dscp\": [64] }", "rule 1: \"dscp\": 64 is not a code point")]
    [InlineData("{ \"name\": \"x\", \"dscp\": [\"af14\"] }", "rule 1: \"dscp\": \"af14\" is not a code point")]
    [InlineData("{ \"name\": \"x\", \"mark\": \"0x11/0x10\" }", "rule 1: \"mark\": 0x11/0x10 is not a mark")]
    [InlineData("{ \"name\": \"x\", \"mark\": \"1/0\" }", "rule 1: \"mark\": 1/0 is not a mark")]
    [InlineData("{ \"name\": \"x\", \"sampleBy\": \"packets\" }", "rule 1: \"sampleBy\": packets is neither")]
    [InlineData("{ \"name\": \"x\", \"interfaces\": [\"eth7\"] }", "rule 1: \"interfaces\": eth7 is not one that is measured")]
    [InlineData("{ \"name\": \"x\", \"cgroups\": [\"/a/../b\"] }", "rule 1: \"cgroups\": \"/a/../b\" is not the path of a control group")]
    [InlineData("{ \"name\": \"x\", \"flowPacketsPerSecond\": 0 }", "rule 1: \"flowPacketsPerSecond\" must be a whole number")]
    [InlineData("{ \"name\": \"x\" }, { \"name\": \"x\" }", "\"rules\": x is there twice")]
    [InlineData("\"all\"", "rule 1 must be an object in braces")]
    public void Parse_WrongRule_IsRefusedWithItsPlace(string rule, string error) =>
        Assert.StartsWith(error, Refused(
            $"{{ \"name\": \"a\", \"interfaces\": [\"e\"], \"keyFile\": \"k\", \"collector\": \"https://[::1]:1\", \"rules\": [{rule}] }}"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("http://[::1]:1")]
    [InlineData("[::1]:8651")]
    [InlineData("https://[::1]:1/path")]
    public void Parse_CollectorThatIsNone_IsRefused(string collector) =>
        Assert.StartsWith($"\"collector\": {collector} is not a collector", Refused(
            $"{{ \"name\": \"a\", \"interfaces\": [\"e\"], \"keyFile\": \"k\", \"collector\": \"{collector}\", \"rules\": [{{ \"name\": \"all\" }}] }}"),
            StringComparison.Ordinal);

    [Fact]
    public void Parse_BrokenJson_NamesTheLine() =>
        Assert.Equal("line 3 is not JSON; compare with 'pdm6 agent config example'", Refused("{\n  \"name\": \"a\",\n  oops\n}"));

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    public void Parse_NoObject_IsRefused(string json) => Assert.Equal("the configuration must be an object in braces", Refused(json));

    [Fact]
    public void Load_MissingFile_SaysWhichInOneLine()
    {
        AgentException refused = Assert.Throws<AgentException>(() => AgentConfiguration.Load("/nowhere/agent.json"));

        Assert.StartsWith("/nowhere/agent.json cannot be read (", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Load_WrongFile_NamesItInTheError()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, $"{{ {Least}, \"stripp\": true }}");

            Assert.Equal($"{path}: \"stripp\" is not a setting; did you mean \"strip\"?",
                Assert.Throws<AgentException>(() => AgentConfiguration.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static AgentConfiguration Parse(string json) => AgentConfiguration.Parse(Encoding.UTF8.GetBytes(json), "/base");

    private static string Refused(string json) => Assert.Throws<AgentException>(() => Parse(json)).Message;
}
