using System.Text;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Policy;
using Pdm6.Datapath;
using Pdm6.Datapath.Tests;

namespace Pdm6.Agent.Tests.Policy;

public sealed class LivePolicyTests : IDisposable
{
    private readonly KernelDatapath? _datapath =
        Environment.IsPrivilegedProcess ? KernelDatapath.Load(new DatapathOptions { FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = 8 }) : null;

    public void Dispose() => _datapath?.Dispose();

    [KernelFact]
    public void Use_RulesThatComeGoAndChangePlaces_KeepTheirNumbers()
    {
        LivePolicy policy = new(_datapath!);
        List<string[]> announced = [];
        foreach (string rules in (string[])["a b", "b c", "c a", "d"])
            policy.Use(Configuration(rules.Split(' ')), names => announced.Add([.. names]));

        Assert.Equal(["a b", "a b c", "a b c", "a b c d"], announced.Select(names => string.Join(' ', names)));
        Assert.Equal(["a", "b", "c", "d"], policy.Names);
    }

    [KernelFact]
    public void Use_MoreNamesThanThereAreNumbers_IsRefusedAndTheOldRulesStay()
    {
        LivePolicy policy = new(_datapath!);
        policy.Use(Configuration([.. Enumerable.Range(0, 32).Select(i => $"r{i}")]), static _ => { });

        AgentException refused = Assert.Throws<AgentException>(() => policy.Use(Configuration(["new"]), static _ => Assert.Fail("announced")));

        Assert.Contains("use old names again, or restart it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(32, policy.Names.Count);
    }

    [KernelFact]
    public void Use_CgroupThatIsNotThere_IsRefused()
    {
        AgentConfiguration configuration = Parse("""{ "name": "x", "cgroups": ["/no/such/group"] }""");

        AgentException refused = Assert.Throws<AgentException>(() => new LivePolicy(_datapath!).Use(configuration, static _ => { }));

        Assert.StartsWith("\"cgroups\": ", refused.Message, StringComparison.Ordinal);
    }

    private static AgentConfiguration Configuration(IEnumerable<string> names) =>
        Parse(string.Join(", ", names.Select(name => $$"""{ "name": "{{name}}" }""")));

    private static AgentConfiguration Parse(string rules) => AgentConfiguration.Parse(
        Encoding.UTF8.GetBytes($$"""{ "name": "h", "interfaces": ["eth0"], "keyFile": "k", "collector": "https://[::1]:1", "rules": [{{rules}}] }"""), "/");
}
