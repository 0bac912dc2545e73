using System.Net;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Server;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Radius.FreeRadius;

/// <summary>Against another's implementation of RADIUS.</summary>
public sealed class FreeRadiusTests
{
    private const string Users = """
        host-1	Cleartext-Password := "the password of host-1", Called-Station-Id == "pdm6:endpoint", NAS-Identifier == "here"
        	Framed-IPv6-Prefix += 2001:db8:1::/64,
        	Delegated-IPv6-Prefix += 2001:db8:2::/47

        analyzer-1	Cleartext-Password := "a much longer password, which takes several blocks of sixteen octets to hide"
        	Filter-Id := "pdm6:analyzer",
        	Class := 0x706d64363a

        host-2	Auth-Type := Reject
        	Reply-Message := "Not on Sundays.",
        	Reply-Message += "Nor on Mondays."

        host-3	Cleartext-Password := "x", Response-Packet-Type := Access-Challenge
        	State := 0x00

        host-4	Cleartext-Password := "x"
        	Filter-Id := "pdm6:wait",
        	Framed-IPv6-Prefix += 2001:db8:4::/64

        """;

    [Fact]
    public async Task Judge_AskingFreeRadius_DecidesAsItsFileSays()
    {
        await using FreeRadiusServer server = await FreeRadiusServer.StartAsync(Users);
        using RadiusOptions options = new() { Servers = [server.AsServer()], NasIdentifier = "here" };
        using RadiusClient client = new(options, TimeProvider.System);
        RadiusJudge judge = new(client, new SparseLog(_ => { }, TimeProvider.System));

        EnrollmentVerdict.Accepted endpoint = await JudgeAsync<EnrollmentVerdict.Accepted>("host-1", Role.Endpoint, "the password of host-1");
        Assert.Equal(["2001:db8:1::/64", "2001:db8:2::/47"], endpoint.Prefixes.Select(prefix => prefix.ToString()));
        Assert.False(endpoint.NeedsApproval);
        await JudgeAsync<EnrollmentVerdict.Denied>("host-1", Role.Analyzer, "the password of host-1");
        await JudgeAsync<EnrollmentVerdict.Denied>("host-1", Role.Endpoint, "the password of host-2");
        await JudgeAsync<EnrollmentVerdict.Denied>("nobody", Role.Endpoint, "the password of host-1");
        EnrollmentVerdict.Accepted analyzer = await JudgeAsync<EnrollmentVerdict.Accepted>(
            "analyzer-1", Role.Analyzer, "a much longer password, which takes several blocks of sixteen octets to hide");
        Assert.Empty(analyzer.Prefixes);
        EnrollmentVerdict.Denied denied = await JudgeAsync<EnrollmentVerdict.Denied>("host-2", Role.Endpoint, "x");
        Assert.Equal("Not on Sundays. Nor on Mondays.", denied.Reason);
        denied = await JudgeAsync<EnrollmentVerdict.Denied>("host-3", Role.Endpoint, "x");
        Assert.Contains("Access-Challenge", denied.Reason);
        Assert.True((await JudgeAsync<EnrollmentVerdict.Accepted>("host-4", Role.Endpoint, "x")).NeedsApproval);

        async Task<T> JudgeAsync<T>(string name, Role role, string password) => Assert.IsType<T>(await judge.JudgeAsync(
            new EnrollmentQuestion(
                $"pdm6-password-1.{new string('a', 64)}.{password}", name, role, null, default, IPAddress.IPv6Loopback),
            default));
    }

    [Fact]
    public async Task FreeRadius_ThatAddsNoMessageAuthenticator_IsNotBelieved()
    {
        await using FreeRadiusServer server = await FreeRadiusServer.StartAsync(Users, addsMessageAuthenticator: false);
        using RadiusOptions options = new() { Servers = [server.AsServer()], NasIdentifier = "here", TimeoutSeconds = 0.3 };
        using RadiusClient client = new(options, TimeProvider.System);

        RadiusAnswer answer = await client.AskAsync(
            new RadiusQuestion("host-1", Role.Endpoint, IPAddress.IPv6Loopback), "the password of host-1"u8.ToArray(), default);

        Assert.Equal(RadiusAnswerKind.None, answer.Kind);
        Assert.Contains("without Message-Authenticator", answer.Message);
    }
}
