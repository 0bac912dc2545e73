using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Client;

/// <summary>Enrolments with a real registrar over real sockets.</summary>
public sealed class EnrollmentTests : IAsyncLifetime
{
    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    private async Task<string> RefusedAsync(EnrollmentOptions options)
    {
        string message = (await Assert.ThrowsAsync<EnrollmentException>(() => _site.EnrollAsync(options))).Message;
        Assert.False(IdentityDirectory.IsEnrolled(options.Directory));
        Assert.DoesNotContain(options.Token, message, StringComparison.Ordinal);
        return message;
    }

    [Theory]
    [InlineData(Role.Endpoint)]
    [InlineData(Role.Analyzer)]
    public async Task Enroll_WithAToken_GivesAWorkingIdentity(Role role)
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a", role);

        ParticipantDescription known = Assert.Single(await _site.ParticipantsAsync());
        Assert.Equal((identity.Certificate.IdentityFingerprint, "host-a", role, "active"), (known.Fingerprint, known.Name, known.Role, known.State));
        Assert.Equal(_site.Registrar.Authority.Fingerprint, identity.Authority.Fingerprint);
        Assert.Equal(known.Prefixes, identity.Certificate.Prefixes);
        Assert.NotNull(identity.DescribeHpkeKeys()[0].PublishedAt);
        using RegistrarClient registrar = identity.ConnectRegistrar(_site.Time);
        RegistrarReply<IReadOnlyList<ParticipantKeys>> analyzers = await registrar.GetAnalyzersAsync(CancellationToken.None);
        Assert.Equal(role == Role.Analyzer ? 1 : 0, analyzers.Value!.Count(analyzer => analyzer.KeyBundle is not null));
    }

    [Fact]
    public async Task Enroll_Directory_IsForItsOwnerOnly()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(identity.Path));
        Assert.All(Directory.GetFiles(identity.Path), file => Assert.Equal(owner, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Enroll_TokenOfAnotherRegistrar_SendsNothing()
    {
        await using Site other = await Site.StartAsync();
        EnrollmentOptions options = _site.Options(await other.TokenAsync(), "host-a");
        Assert.Contains("Nothing was sent", await RefusedAsync(options), StringComparison.Ordinal);
        Assert.Empty(await _site.ParticipantsAsync());
    }

    [Fact]
    public async Task Enroll_SomebodyInBetweenWhoShowsTheRightAuthority_LearnsNoToken()
    {
        using CertificateAuthority false_ = CertificateAuthority.Create("false", DateTimeOffset.UtcNow.AddDays(-1));
        using IdentityKey key = IdentityKey.Generate();
        Assert.True(ParticipantRequest.TryParse(key.CreateRequest("x"), out ParticipantRequest? request, out _));
        using X509Certificate2 tls = key.ForTls(false_.IssueServer(
            request, "false", [], [IPAddress.IPv6Loopback], DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1)));
        byte[] authority = _site.Registrar.Authority.Der.ToArray();
        List<string> asked = [];
        await using TlsServer server = await TlsServer.StartAsync(tls, context =>
        {
            asked.Add(context.Request.Path);
            return context.Response.WriteAsJsonAsync(new AuthorityAnswer(authority));
        });
        EnrollmentOptions options = _site.Options(await _site.TokenAsync(), "host-a") with { Registrar = server.Address };

        Assert.Contains("not of the registrar's authority", await RefusedAsync(options), StringComparison.Ordinal);
        Assert.Equal(["/v1/authority"], asked);
    }

    [Fact]
    public async Task Enroll_ExpiredToken_SaysSo()
    {
        EnrollmentToken token = await _site.TokenAsync();
        _site.RegistrarTime.Advance(TimeSpan.FromHours(2));
        _site.Time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("token", await RefusedAsync(_site.Options(token, "host-a")), StringComparison.Ordinal);
        Assert.Empty(await _site.ParticipantsAsync());
    }

    [Fact]
    public async Task Enroll_TokenThatAnotherHostUsed_IsRefused()
    {
        EnrollmentToken token = await _site.TokenAsync();
        (await _site.EnrollAsync(_site.Options(token, "host-a"))).Dispose();
        await RefusedAsync(_site.Options(token, "host-b"));
        Assert.Single(await _site.ParticipantsAsync());
    }

    [Fact]
    public async Task Enroll_RevokedToken_IsRefused()
    {
        EnrollmentToken token = await _site.TokenAsync();
        await _site.Registrar.Operator.RevokeTokenAsync(token.Id);
        await RefusedAsync(_site.Options(token, "host-a"));
    }

    [Fact]
    public async Task Enroll_AsMoreThanTheTokenAllows_IsRefused()
    {
        EnrollmentToken token = await _site.TokenAsync();
        await RefusedAsync(_site.Options(token, "host-a", Role.Analyzer));
        Assert.Contains("2001:db9::/32", await RefusedAsync(
            _site.Options(token, "host-a") with { Prefixes = [Site.Prefix("2001:db9::/32")] }), StringComparison.Ordinal);
        using IdentityDirectory identity = await _site.EnrollAsync(
            _site.Options(token, "host-a") with { Prefixes = [Site.Prefix("2001:db8:1::/48")] });
        Assert.Equal([Site.Prefix("2001:db8:1::/48")], identity.Certificate.Prefixes);
    }

    [Fact]
    public async Task Enroll_NameOfAnother_IsRefused()
    {
        (await _site.EnrollAsync("host-a")).Dispose();
        EnrollmentOptions options = _site.Options(await _site.TokenAsync(), "host-a") with { Directory = _site.DirectoryOf("other") };
        Assert.Contains("host-a", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enroll_NeedsApproval_WaitsForIt()
    {
        Task<IdentityDirectory> enrolling = _site.EnrollAsync(_site.Options(await _site.TokenAsync(needsApproval: true), "host-a"));
        await _site.WaitForAsync("pdm6 registrar approve");
        Assert.False(IdentityDirectory.IsEnrolled(_site.DirectoryOf("host-a")));
        await _site.Registrar.Operator.ApproveAsync("host-a");
        using IdentityDirectory identity = await enrolling;
        Assert.Equal("host-a", identity.Name);
    }

    [Fact]
    public async Task Enroll_RegistrarAway_WaitsForIt()
    {
        EnrollmentToken token = await _site.TokenAsync();
        await _site.StopRegistrarAsync();
        Task<IdentityDirectory> enrolling = _site.EnrollAsync(_site.Options(token, "host-a"));
        await _site.WaitForAsync("trying again");
        await _site.StartRegistrarAsync();
        (await enrolling).Dispose();
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(24 * 50)]
    public async Task Enroll_ClockOfThisHostIsWrong_SaysSo(int hours)
    {
        _site.Time.Advance(TimeSpan.FromHours(hours));
        Assert.Contains("set the clock", await RefusedAsync(_site.Options(await _site.TokenAsync(), "host-a")), StringComparison.Ordinal);
        Assert.Empty(await _site.ParticipantsAsync());
    }

    [Fact]
    public async Task Enroll_Again_ChangesNothing()
    {
        EnrollmentOptions options = _site.Options(await _site.TokenAsync(), "host-a");
        using IdentityDirectory first = await _site.EnrollAsync(options);
        using IdentityDirectory second = await _site.EnrollAsync(options);
        Assert.Equal(first.Certificate.Hash, second.Certificate.Hash);
        IdentityException refused = await Assert.ThrowsAsync<IdentityException>(
            () => _site.EnrollAsync(options with { Name = "another" }));
        Assert.Contains("host-a", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enroll_CertificateHasEnded_GivesTheSameIdentityANewOne()
    {
        using IdentityDirectory first = await _site.EnrollAsync("host-a");
        foreach (ShiftedTime clock in (ShiftedTime[])[_site.RegistrarTime, _site.Time])
            clock.Advance(TimeSpan.FromDays(31));
        await _site.StopRegistrarAsync();
        await _site.StartRegistrarAsync();
        using IdentityDirectory second = await _site.EnrollAsync("host-a");
        Assert.Equal(first.Certificate.IdentityFingerprint, second.Certificate.IdentityFingerprint);
        Assert.True(second.Certificate.NotAfter > _site.Time.GetUtcNow());
        Assert.Single(await _site.ParticipantsAsync());
    }

    [Fact]
    public async Task Enroll_TwiceAtOnceInOneDirectory_IsRefused()
    {
        EnrollmentOptions options = _site.Options(await _site.TokenAsync(needsApproval: true), "host-a");
        Task<IdentityDirectory> first = _site.EnrollAsync(options);
        await _site.WaitForAsync("pdm6 registrar approve");
        Assert.Contains("Another process", (await Assert.ThrowsAsync<IOException>(() => _site.EnrollAsync(options))).Message, StringComparison.Ordinal);
        await _site.Registrar.Operator.ApproveAsync("host-a");
        (await first).Dispose();
    }
}
