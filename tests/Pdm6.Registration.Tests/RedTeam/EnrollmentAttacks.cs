using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>Somebody wants a certificate that is not his due.</summary>
public sealed class EnrollmentAttacks
{
    [Fact]
    public async Task Token_UsedByManyAtOnce_EnrolsAsManyAsItIsFor()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        string token = await registrar.TokenAsync(uses: 2);
        TestParticipant[] crowd = [.. Enumerable.Range(0, 12).Select(i => new TestParticipant(registrar.Url, $"host-{i}", Role.Endpoint))];

        HttpResponseMessage[] answers = await Task.WhenAll(crowd.Select(host => host.AskToEnrollAsync(token)));

        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (HttpResponseMessage refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await TestParticipant.RefusedAsync(refused, 410, ErrorCodes.TokenUsed);
        foreach (TestParticipant host in crowd)
            host.Dispose();
    }

    [Fact]
    public async Task Token_OfEveryWrongKind_IsRefusedAndUsesNothingUp()
    {
        ShiftedClock clock = new();
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(options => options with { Time = clock });
        await using TestRegistrar other = await TestRegistrar.StartAsync();
        using TestParticipant attacker = new(registrar.Url, "attacker", Role.Endpoint);
        string token = await registrar.TokenAsync();
        string[] parts = token.Split('.');
        string otherSecret = (await registrar.TokenAsync()).Split('.')[3];

        await RefusedAsync(await other.TokenAsync(), 403, ErrorCodes.TokenForeign);
        await RefusedAsync($"{parts[0]}.{parts[1]}.{parts[2]}.{otherSecret}", 403, ErrorCodes.TokenUnknown);
        await RefusedAsync($"{parts[0]}.{parts[1]}.0000000000000000.{parts[3]}", 403, ErrorCodes.TokenUnknown);
        await RefusedAsync(token + "x", 400, ErrorCodes.Malformed);
        await RefusedAsync(token[..^1], 400, ErrorCodes.Malformed);
        await RefusedAsync("", 403, ErrorCodes.TokenUnknown);
        await RefusedAsync(await registrar.TokenAsync(Role.Analyzer), 403, ErrorCodes.WrongRole);
        await TestParticipant.RefusedAsync(await attacker.AskToEnrollAsync(token, "2001:db8::/32"), 403, ErrorCodes.PrefixNotAllowed);
        await TestParticipant.RefusedAsync(await attacker.AskToEnrollAsync(token, "::/0"), 403, ErrorCodes.PrefixNotAllowed);
        await TestParticipant.RefusedAsync(
            await attacker.AskToEnrollAsync(token, TestRegistrar.Prefix, "2001:db8:2::/48"), 403, ErrorCodes.PrefixNotAllowed);
        clock.Ahead = TimeSpan.FromHours(2);
        await RefusedAsync(token, 410, ErrorCodes.TokenExpired);
        clock.Ahead = TimeSpan.Zero;
        await attacker.EnrollAsync(token);

        async Task RefusedAsync(string text, int status, string code) =>
            await TestParticipant.RefusedAsync(await attacker.AskToEnrollAsync(text), status, code);
    }

    [Fact]
    public async Task CertificateRequest_OfAKeyThatTheAttackerDoesNotHold_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant victim = await registrar.JoinAsync("victim");
        using TestParticipant attacker = new(registrar.Url, "attacker", Role.Endpoint);
        using ECDsa ownKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa victimsPublicKey = ECDsa.Create();
        victimsPublicKey.ImportSubjectPublicKeyInfo(
            X509CertificateLoader.LoadCertificate(victim.Certificate!.Der.Span).PublicKey.ExportSubjectPublicKeyInfo(), out _);
        // The victim's public key, signed by the attacker's private one.
        byte[] forged = new CertificateRequest(new X500DistinguishedName("CN=victim"), new PublicKey(victimsPublicKey), HashAlgorithmName.SHA256)
            .CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(ownKey));

        await TestParticipant.RefusedAsync(
            await SendAsync(attacker, attacker.Request(await registrar.TokenAsync()) with { Request = forged }),
            400, ErrorCodes.BadCertificateRequest);
    }

    [Fact]
    public async Task CertificateRequest_ThatAsksForMore_GivesNoMore()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant attacker = new(registrar.Url, "attacker", Role.Endpoint);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest greedy = new("CN=pdm6 authority", key, HashAlgorithmName.SHA256);
        greedy.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        greedy.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri("urn:pdm6:analyzer:collector"));
        greedy.CertificateExtensions.Add(names.Build());

        using HttpResponseMessage response = await SendAsync(
            attacker, attacker.Request(await registrar.TokenAsync()) with { Request = greedy.CreateSigningRequest() });

        // Refused or ignored: both will do, as long as nothing of it is in a certificate.
        if (response.StatusCode != HttpStatusCode.Created)
        {
            await TestParticipant.RefusedAsync(response, 400, ErrorCodes.BadCertificateRequest);
            return;
        }
        EnrollmentAnswer answer = (await response.Content.ReadFromJsonAsync(RegistrarJson.Default.EnrollmentAnswer))!;
        Assert.True(ParticipantCertificate.TryParse(answer.Certificate, out ParticipantCertificate? certificate, out string? error), error);
        Assert.Equal(("attacker", Role.Endpoint), (certificate.Name, certificate.Role));
        using X509Certificate2 read = X509CertificateLoader.LoadCertificate(answer.Certificate);
        Assert.DoesNotContain(read.Extensions.OfType<X509BasicConstraintsExtension>(), extension => extension.CertificateAuthority);
        Assert.DoesNotContain(read.Extensions.OfType<X509KeyUsageExtension>(), extension => extension.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
    }

    [Theory]
    [InlineData("victim", 409, ErrorCodes.NameTaken)]
    [InlineData("victim\0", 400, ErrorCodes.BadName)]
    [InlineData("victim\n", 400, ErrorCodes.BadName)]
    [InlineData("v\u0456ctim", 400, ErrorCodes.BadName)]
    [InlineData("../victim", 400, ErrorCodes.BadName)]
    [InlineData("CN=victim", 400, ErrorCodes.BadName)]
    public async Task Name_OfSomebodyElseOrThatLooksLikeIt_IsRefused(string name, int status, string code)
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant victim = await registrar.JoinAsync("victim");
        using TestParticipant attacker = new(registrar.Url, "attacker", Role.Endpoint);

        await TestParticipant.RefusedAsync(
            await SendAsync(attacker, attacker.Request(await registrar.TokenAsync()) with { Name = name }), status, code);
    }

    [Fact]
    public async Task Participant_WithATokenOfTheOtherRole_DoesNotChangeItsRole()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");

        await TestParticipant.RefusedAsync(
            await SendAsync(host, host.Request(await registrar.TokenAsync(Role.Analyzer)) with { Role = "analyzer" }), 409, ErrorCodes.KeyTaken);
        await TestParticipant.RefusedAsync(
            await host.Http.GetAsync(new Uri($"{RegistrarRoutes.MyAnnouncements}?from=0&to=1&after=0", UriKind.Relative)), 403, ErrorCodes.WrongRole);
    }

    [Fact]
    public async Task Renewal_WithAnotherKeyOrByTheRevoked_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using IdentityKey another = IdentityKey.Generate();

        await TestParticipant.RefusedAsync(await RenewAsync(host, another.CreateRequest("host-a")), 409, ErrorCodes.KeyTaken);
        await TestParticipant.RefusedAsync(await RenewAsync(host, [1, 2, 3]), 400, ErrorCodes.BadCertificateRequest);
        await registrar.Host.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "");
        await TestParticipant.RefusedAsync(await RenewAsync(host, host.Key.CreateRequest("host-a")), 403, ErrorCodes.Revoked);
        await TestParticipant.RefusedAsync(await host.AskToEnrollAsync(await registrar.TokenAsync()), 403, ErrorCodes.Revoked);
    }

    [Fact]
    public async Task Certificate_ThatTheAttackerSignedInTheAuthoritysName_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant attacker = new(registrar.Url, "collector", Role.Analyzer);
        using X509Certificate2 real = X509CertificateLoader.LoadCertificate(registrar.Host.Authority.Der.Span);
        using CertificateAuthority fake = CertificateAuthority.Create(
            real.GetNameInfo(X509NameType.SimpleName, false), DateTimeOffset.UtcNow.AddDays(-1));
        Assert.True(ParticipantRequest.TryParse(attacker.Key.CreateRequest("collector"), out ParticipantRequest? request, out _));
        attacker.Use(fake.Issue(request, Role.Analyzer, "collector", [], DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1)));

        await TestParticipant.RefusedAsync(
            await attacker.Http.GetAsync(new Uri(RegistrarRoutes.Analyzers, UriKind.Relative)), 401, ErrorCodes.CertificateRefused);
    }

    private static Task<HttpResponseMessage> SendAsync(TestParticipant sender, EnrollmentRequest request) =>
        sender.Http.PostAsJsonAsync(RegistrarRoutes.Enrollments, request, RegistrarJson.Default.EnrollmentRequest);

    private static Task<HttpResponseMessage> RenewAsync(TestParticipant sender, byte[] request) => sender.Http.PostAsJsonAsync(
        RegistrarRoutes.Certificates, new RenewalRequest(request), RegistrarJson.Default.RenewalRequest);
}
