using System.Net;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Server;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Radius;

public sealed class RadiusJudgeTests
{
    private static readonly Ipv6Prefix _prefix = new(Ipv6Address.Parse("2001:db8::"), 64);

    private static RadiusAnswer Accept => new() { Kind = RadiusAnswerKind.Accept, Prefixes = [_prefix] };

    [Theory]
    [InlineData(Role.Endpoint)]
    [InlineData(Role.Endpoint, "endpoint")]
    [InlineData(Role.Endpoint, "analyzer", "endpoint")]
    [InlineData(Role.Analyzer, "analyzer")]
    [InlineData(Role.Analyzer, "endpoint", "analyzer")]
    public void Accept_ForARoleThatItGives_IsAcceptedFromItsPrefixes(Role role, params string[] words)
    {
        EnrollmentVerdict verdict = RadiusJudge.Decide(Accept with { Words = words }, role);

        EnrollmentVerdict.Accepted accepted = Assert.IsType<EnrollmentVerdict.Accepted>(verdict);
        Assert.Equal([_prefix], accepted.Prefixes);
        Assert.False(accepted.NeedsApproval);
    }

    [Theory]
    [InlineData(Role.Analyzer)]
    [InlineData(Role.Analyzer, "endpoint")]
    [InlineData(Role.Analyzer, "wait")]
    [InlineData(Role.Endpoint, "analyzer")]
    [InlineData(Role.Endpoint, "endpoint", "anlyzer")]
    [InlineData(Role.Endpoint, "")]
    public void Accept_ForAnotherRoleOrWithAnUnknownWord_IsDenied(Role role, params string[] words) =>
        Assert.IsType<EnrollmentVerdict.Denied>(RadiusJudge.Decide(Accept with { Words = words }, role));

    [Fact]
    public void Accept_WithTheWordWait_NeedsApproval() => Assert.True(
        Assert.IsType<EnrollmentVerdict.Accepted>(RadiusJudge.Decide(Accept with { Words = ["wait"] }, Role.Endpoint)).NeedsApproval);

    [Fact]
    public void Accept_WithoutPrefix_IsForAnalyzersOnly()
    {
        RadiusAnswer answer = Accept with { Prefixes = [], Words = ["analyzer", "endpoint"] };

        Assert.Contains("Framed-IPv6-Prefix", Reason(RadiusJudge.Decide(answer, Role.Endpoint)));
        Assert.IsType<EnrollmentVerdict.Accepted>(RadiusJudge.Decide(answer, Role.Analyzer));
    }

    [Fact]
    public void Accept_WithABadPrefixOrTooMany_IsDenied()
    {
        Assert.Contains("prefix that is none", Reason(RadiusJudge.Decide(Accept with { HasBadPrefix = true }, Role.Endpoint)));
        Assert.Contains("more than 64", Reason(RadiusJudge.Decide(
            Accept with { Prefixes = [.. Enumerable.Repeat(_prefix, 65)] }, Role.Endpoint)));
    }

    [Fact]
    public void Reject_WithAndWithoutReplyMessage_SaysWhy()
    {
        RadiusAnswer reject = new() { Kind = RadiusAnswerKind.Reject, Message = "Not on Sundays." };

        Assert.Equal("Not on Sundays.", Reason(RadiusJudge.Decide(reject, Role.Endpoint)));
        Assert.Contains("gave no reason", Reason(RadiusJudge.Decide(reject with { Message = "" }, Role.Endpoint)));
    }

    [Fact]
    public void Challenge_IsDeniedByItsName() => Assert.Contains(
        "Access-Challenge", Reason(RadiusJudge.Decide(new RadiusAnswer { Kind = RadiusAnswerKind.Challenge }, Role.Endpoint)));

    [Fact]
    public async Task NoAnswer_LeavesItUndecided_AndTellsTheLogOnceWhichServerIsWrong()
    {
        await using TestRadiusServer deaf = new((_, _) => []);
        List<string> lines = [];
        using RadiusOptions options = new() { Servers = [deaf.AsServer()], TimeoutSeconds = 0.01 };
        using RadiusClient client = new(options, TimeProvider.System);
        RadiusJudge judge = new(client, new SparseLog(lines.Add, TimeProvider.System));

        EnrollmentVerdict first = await judge.JudgeAsync(Question($"pdm6-password-1.{new string('a', 64)}.pw"), default);
        await judge.JudgeAsync(Question($"pdm6-password-1.{new string('a', 64)}.pw"), default);

        Assert.DoesNotContain("::1", Assert.IsType<EnrollmentVerdict.Undecided>(first).Reason);
        Assert.Contains(deaf.EndPoint.ToString(), Assert.Single(lines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a password")]
    [InlineData("pdm6-password-1.")]
    [InlineData("pdm6-password-1.aa.pw")]
    [InlineData("pdm6-password-1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.")]
    public async Task Credential_ThatIsNone_IsDeniedBeforeAnyServerIsAsked(string credential)
    {
        await using TestRadiusServer server = new((_, _) => []);
        using RadiusOptions options = new() { Servers = [server.AsServer()] };
        using RadiusClient client = new(options, TimeProvider.System);

        EnrollmentVerdict verdict =
            await new RadiusJudge(client, new SparseLog(_ => { }, TimeProvider.System)).JudgeAsync(Question(credential), default);

        Assert.IsType<EnrollmentVerdict.Denied>(verdict);
        Assert.Empty(server.Requests);
    }

    private static EnrollmentQuestion Question(string credential) =>
        new(credential, "host-1", Role.Endpoint, null, default, IPAddress.IPv6Loopback);

    private static string Reason(EnrollmentVerdict verdict) => Assert.IsType<EnrollmentVerdict.Denied>(verdict).Reason;
}
