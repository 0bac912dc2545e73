using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Server;
using Pdm6.Registration.Tests.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>First certificates: who gets one, who does not, and who asks again.</summary>
public abstract class EnrollmentContract(IStoreKind kind)
{
    [Fact]
    public async Task Enrollment_WithToken_GivesCertificateOfRoleAndPrefixes()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);

        EnrollmentAnswer answer = await host.EnrollAsync(await registrar.TokenAsync(), "2001:db8:1:7::/64");

        Assert.True(host.Certificate!.IsIssuedBy(registrar.Host.Authority));
        Assert.Equal(("host-a", Role.Endpoint), (host.Certificate.Name, host.Certificate.Role));
        Assert.Equal("2001:db8:1:7::/64", string.Join(' ', host.Certificate.Prefixes));
        Assert.Equal(host.Key.Fingerprint.ToString(), answer.ParticipantId);
        Assert.Equal(registrar.Host.Authority.Der.ToArray(), answer.Authority);
    }

    [Fact]
    public async Task Enrollment_AskedAgainWithSameKey_GivesSameCertificateAndUsesTokenOnce()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint), other = new(registrar.Url, "host-b", Role.Endpoint);
        string token = await registrar.TokenAsync(uses: 2);

        EnrollmentAnswer first = await host.EnrollAsync(token), second = await host.EnrollAsync(token);
        await other.EnrollAsync(token);

        Assert.Equal(first.Certificate, second.Certificate);
        Assert.Equal(2, Assert.Single(await registrar.Host.Operator.TokensAsync(default)).Used);
    }

    [Fact]
    public async Task Enrollment_WithUsedToken_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint), other = new(registrar.Url, "host-b", Role.Endpoint);
        string token = await registrar.TokenAsync();
        await host.EnrollAsync(token);

        await TestParticipant.RefusedAsync(await other.AskToEnrollAsync(token), 410, ErrorCodes.TokenUsed);
    }

    [Fact]
    public async Task Enrollment_WithExpiredToken_IsRefused()
    {
        ShiftedClock clock = new();
        await using TestRegistrar registrar = await kind.StartAsync(options => options with { Time = clock });
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        string token = await registrar.TokenAsync();
        clock.Ahead = TimeSpan.FromHours(2);

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(token), 410, ErrorCodes.TokenExpired);
    }

    [Fact]
    public async Task Enrollment_WithRevokedToken_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        string token = await registrar.TokenAsync();
        await registrar.Host.Operator.RevokeTokenAsync(Assert.Single(await registrar.Host.Operator.TokensAsync(default)).Id);

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(token), 410, ErrorCodes.TokenRevoked);
    }

    [Fact]
    public async Task Enrollment_WithTokenOfAnotherRegistrar_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync(), other = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);

        await TestParticipant.RefusedAsync(
            await host.AskToEnrollAsync(await other.TokenAsync()), 403, ErrorCodes.TokenForeign);
    }

    [Fact]
    public async Task Enrollment_WithWrongSecret_IsRefusedAsUnknown()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        string token = await registrar.TokenAsync(), forged = EnrollmentToken.Create(registrar.Host.Authority.Fingerprint).ToText();
        string mixed = string.Join('.', [.. token.Split('.')[..3], forged.Split('.')[3]]);

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(forged), 403, ErrorCodes.TokenUnknown);
        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(mixed), 403, ErrorCodes.TokenUnknown);
        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(token[..^1]), 400, ErrorCodes.Malformed);
    }

    [Fact]
    public async Task Enrollment_ForOtherRole_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Analyzer);

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(await registrar.TokenAsync()), 403, ErrorCodes.WrongRole);
    }

    [Fact]
    public async Task Enrollment_OfPrefixOutsideToken_IsRefusedAndTokenStaysGood()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        string token = await registrar.TokenAsync();

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(token, "2001:db8:2::/64"), 403, ErrorCodes.PrefixNotAllowed);
        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(token, "::/0"), 403, ErrorCodes.PrefixNotAllowed);
        await host.EnrollAsync(token, "2001:db8:1:1::/64");
    }

    [Fact]
    public async Task Enrollment_OfNameThatAnotherKeyHas_IsRefusedUntilThatIsRevoked()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint), same = new(registrar.Url, "host-a", Role.Endpoint);
        await host.EnrollAsync(await registrar.TokenAsync());
        string token = await registrar.TokenAsync();

        await TestParticipant.RefusedAsync(await same.AskToEnrollAsync(token), 409, ErrorCodes.NameTaken);
        await registrar.Host.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "reinstalled");
        await same.EnrollAsync(token);
    }

    [Fact]
    public async Task Enrollment_OfRevokedKey_IsRefusedWithEveryToken()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        await host.EnrollAsync(await registrar.TokenAsync());
        await registrar.Host.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "");

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(await registrar.TokenAsync()), 403, ErrorCodes.Revoked);
    }

    [Fact]
    public async Task Enrollment_ThatNeedsApproval_WaitsForOperator()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        string token = await registrar.TokenAsync(approval: true);

        PendingAnswer pending = await TestParticipant.ReadAsync(
            await host.AskToEnrollAsync(token), HttpStatusCode.Accepted, RegistrarJson.Default.PendingAnswer);
        Assert.Equal(host.Key.Fingerprint.ToString(), pending.Pending);
        Assert.Equal(HttpStatusCode.Accepted, (await host.AskToEnrollAsync(token)).StatusCode);
        await registrar.Host.Operator.ApproveAsync("host-a");
        await host.EnrollAsync(token);

        Assert.Equal("active", Assert.Single(await registrar.Host.Operator.ParticipantsAsync(default)).State);
    }

    [Fact]
    public async Task Enrollment_AfterRestart_GivesSameCertificate()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        string token = await registrar.TokenAsync();
        EnrollmentAnswer first = await host.EnrollAsync(token);

        await registrar.RestartAsync();
        host.Registrar = registrar.Url;
        host.Use(first.Certificate);

        Assert.Equal(first.Certificate, (await host.EnrollAsync(token)).Certificate);
    }

    [Theory]
    [InlineData("../host", "endpoint", ErrorCodes.BadName)]
    [InlineData("", "endpoint", ErrorCodes.BadName)]
    [InlineData("host-a", "registrar", ErrorCodes.Malformed)]
    public async Task Enrollment_OfBadNameOrRole_IsRefused(string name, string role, string code)
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);
        EnrollmentService service = new(null!, null!, null);

        Decision<EnrollmentOutcome> decision = await service.EnrollAsync(
            host.Request(await registrar.TokenAsync()) with { Name = name, Role = role }, IPAddress.IPv6Loopback, default);

        Assert.Equal(code, decision.Refusal?.Code);
    }

    [Fact]
    public async Task Enrollment_WithoutToken_IsForTheJudgeToDecide()
    {
        await using TestRegistrar registrar = await kind.StartAsync(options => options with { Judge = new PasswordJudge() });
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint), guesser = new(registrar.Url, "host-b", Role.Endpoint);

        EnrollmentAnswer first = await host.EnrollAsync("secret"), second = await host.EnrollAsync("secret");

        Assert.Equal(first.Certificate, second.Certificate);
        await TestParticipant.RefusedAsync(await guesser.AskToEnrollAsync("guess"), 403, ErrorCodes.EnrollmentDenied);
    }

    [Fact]
    public async Task Enrollment_WithoutTokenAndJudge_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = new(registrar.Url, "host-a", Role.Endpoint);

        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync("secret"), 403, ErrorCodes.TokenUnknown);
    }

    private sealed class PasswordJudge : IEnrollmentJudge
    {
        public ValueTask<EnrollmentVerdict> JudgeAsync(EnrollmentQuestion question, CancellationToken cancellationToken) =>
            ValueTask.FromResult<EnrollmentVerdict>(question.Credential == "secret"
                ? new EnrollmentVerdict.Accepted([TestRegistrar.Parse(TestRegistrar.Prefix)], "judge")
                : new EnrollmentVerdict.Denied("The password is wrong: ask for it."));
    }
}
