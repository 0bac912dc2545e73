using Pdm6.Agent.Configuration;
using Pdm6.Agent.Exchange;
using Pdm6.Agent.Reporting;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Exchange;

/// <summary>What an agent may measure from with its certificate, and what it says if that is nothing.</summary>
public sealed class KeyExchangeTests : IDisposable
{
    private static readonly Ipv6Address s_inside = Ipv6Address.Parse("2001:db8:1::1"), s_outside = Ipv6Address.Parse("2001:db8:2::1");

    private readonly World _world = new();
    private readonly List<string> _log = [];
    private readonly AgentConfiguration _configuration = new()
    {
        Name = "host-a",
        Interfaces = ["eth0"],
        Identity = "/nowhere/at/all",
        Collector = new Uri("https://[::1]:8653"),
        Rules = [],
        StatusSocket = "/nowhere/agent.sock",
    };

    public void Dispose() => _world.Dispose();

    [Fact]
    public void RequireOwn_AddressesThatWereFound_TakesThoseThatAreCoveredAndNamesTheOthers()
    {
        IReadOnlyList<Ipv6Address> own = RequireOwn(_configuration, [s_inside, s_outside]);

        Assert.Equal([s_inside], own);
        Assert.Equal($"{s_outside} is not measured from: this host is enrolled for 2001:db8:1::/48.", Assert.Single(_log));
    }

    [Fact]
    public void RequireOwn_AddressesThatAreConfigured_MustAllBeCovered()
    {
        AgentException refused = Assert.Throws<AgentException>(
            () => RequireOwn(_configuration with { Addresses = [s_inside, s_outside] }, [s_inside, s_outside]));

        Assert.StartsWith($"\"addresses\": {s_outside} is not in what this host is enrolled for (2001:db8:1::/48)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireOwn_NoAddressCovered_SaysWhatItIsEnrolledFor()
    {
        AgentException refused = Assert.Throws<AgentException>(() => RequireOwn(_configuration, [s_outside]));

        Assert.Contains("(2001:db8:1::/48); enroll again with a token for it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireOwn_AnotherName_SaysTheRightOne()
    {
        AgentException refused = Assert.Throws<AgentException>(() => RequireOwn(_configuration with { Name = "host-b" }, [s_inside]));

        Assert.Contains("\"name\": \"host-a\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireOwn_Analyzer_IsRefused()
    {
        AgentException refused = Assert.Throws<AgentException>(() => RequireOwn(_configuration, [s_inside], Role.Analyzer));

        Assert.Contains("--role endpoint", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_IdentityThatIsNotThere_NamesTheSetting()
    {
        AgentException refused = Assert.Throws<AgentException>(
            () => KeyExchange.Open(_configuration, [s_inside], new CollectorLink(_log.Add), _log.Add, out _));

        Assert.StartsWith("\"identity\": ", refused.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Ipv6Address> RequireOwn(
        AgentConfiguration configuration, IReadOnlyList<Ipv6Address> found, Role role = Role.Endpoint)
    {
        Participant participant = _world.Join("host-a", role, "2001:db8:1::/48");
        using IdentityKey key = participant.Key;
        return KeyExchange.RequireOwn(participant.Certificate, configuration, found, _log.Add);
    }
}
