using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>Somebody who is enrolled wants to speak for others, or to hear what is meant for others.</summary>
public sealed class AnnouncementAttacks
{
    private const string Address = "2001:db8:1::1";

    [Fact]
    public async Task Announcement_PlayedAgainAfterANewerOne_IsRefusedOverARestartToo()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        SignedEnvelope old = host.Announce(host.Announcement(Address)), newer = host.Announce(host.Announcement(Address));
        SignedEnvelope lower = host.Announce(host.Announcement(Address, sequence: 1));
        await AcceptedAsync(host, newer);

        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(old), 409, ErrorCodes.StaleSequence);
        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(lower), 409, ErrorCodes.StaleSequence);
        await registrar.RestartAsync();
        host.Registrar = registrar.Url;
        host.Use(host.Certificate!.Der.ToArray());
        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(old), 409, ErrorCodes.StaleSequence);
    }

    [Fact]
    public async Task Announcement_WithAnyPartOfAnother_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        SignedEnvelope first = a.Announce(a.Announcement(Address)), second = a.Announce(a.Announcement(Address));
        SignedEnvelope bundle = a.KeyBundle(), ofB = b.Announce(b.Announcement("2001:db8:1::2"));

        await RefusedAsync(first with { Body = second.Body });
        await RefusedAsync(first with { Signature = second.Signature });
        await RefusedAsync(first with { Signature = new byte[64] });
        await RefusedAsync(first with { Signature = [] });
        await RefusedAsync(first with { Certificate = ofB.Certificate });
        await RefusedAsync(ofB);
        await RefusedAsync(ofB with { Certificate = first.Certificate });
        await RefusedAsync(bundle); // signed by A, but as something else
        for (int i = 0; i < first.Body.Length; i += 7)
        {
            byte[] altered = [.. first.Body];
            altered[i] ^= 1;
            await RefusedAsync(first with { Body = altered });
        }
        await AcceptedAsync(a, first);

        async Task RefusedAsync(SignedEnvelope envelope) =>
            await TestParticipant.RefusedAsync(await a.SendAnnouncementAsync(envelope), 403, ErrorCodes.BadSignature);
    }

    [Fact]
    public async Task Endpoint_ThatClaimsAnothersAddress_IsRefusedHoweverItTries()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant victim = await registrar.JoinAsync("victim"), attacker = await registrar.JoinAsync("attacker");
        using TestParticipant third = await registrar.JoinAsync("third");
        (Announcement announced, _) = await victim.AnnounceAsync(Address);
        (Announcement own, _) = await attacker.AnnounceAsync("2001:db8:1::66");

        Announcement claim = attacker.Announcement(Address);
        await RefusedAsync(claim, 409, ErrorCodes.AddressTaken);
        await RefusedAsync(claim with { Addresses = [own.Addresses[0], claim.Addresses[0]] }, 409, ErrorCodes.AddressTaken);
        await RefusedAsync(claim with { ContextId = announced.ContextId }, 409, ErrorCodes.ContextUnknown);
        await RefusedAsync(attacker.Announcement("2001:db8:2::1"), 403, ErrorCodes.PrefixNotAllowed);
        await RefusedAsync(attacker.Announcement("2001:db8:1::67") with { AgentName = "victim" }, 400, ErrorCodes.BadEnvelope);
        // A pair secret for packets "from the victim", which the third would then take for authentic.
        await TestParticipant.RefusedAsync(
            await attacker.SendGrantsAsync(attacker.Grant(own with { Addresses = announced.Addresses }, "2001:db8:1::3", third)),
            403, ErrorCodes.PrefixNotAllowed);
        await TestParticipant.RefusedAsync(
            await attacker.SendGrantsAsync(attacker.Grant(announced, "2001:db8:1::3", third)), 409, ErrorCodes.ContextUnknown);
        Assert.Empty((await third.FeedAsync(0)).Grants);

        async Task RefusedAsync(Announcement announcement, int status, string code) => await TestParticipant.RefusedAsync(
            await attacker.SendAnnouncementAsync(attacker.Announce(announcement)), status, code);
    }

    [Fact]
    public async Task Participant_LetInAgainWithLess_CannotUseItsOldCertificateForMore()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        byte[] old = host.Certificate!.Der.ToArray();
        await host.EnrollAsync(await registrar.TokenAsync(prefix: "2001:db8:1:1::/64"));
        host.Use(old);

        await TestParticipant.RefusedAsync(
            await host.SendAnnouncementAsync(host.Announce(host.Announcement(Address))), 403, ErrorCodes.PrefixNotAllowed);
        await host.AnnounceAsync("2001:db8:1:1::1");
    }

    [Theory]
    [InlineData(301, 400, ErrorCodes.ClockSkew)]
    [InlineData(3600, 400, ErrorCodes.ClockSkew)]
    [InlineData(-86_400, 403, ErrorCodes.CertificateRefused)]
    public async Task Clock_ThatIsWrong_IsSaid(int secondsAhead, int status, string code)
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        Announcement good = host.Announcement(Address) with { ClockErrorBoundNs = 0 };
        ulong issued = (ulong)((long)good.IssuedAtUnixNs + (secondsAhead * 1_000_000_000L));

        // A second of the 300 is left for the way there.
        await TestParticipant.RefusedAsync(
            await host.SendAnnouncementAsync(host.Announce(good with
            {
                IssuedAtUnixNs = issued + (secondsAhead > 0 ? 60_000_000_000UL : 0),
                NotAfterUnixNs = Math.Max(issued, good.IssuedAtUnixNs) + 600_000_000_000,
            })), status, code);
    }

    [Fact]
    public async Task SealedSecret_LiftedIntoAnotherAnnouncement_OpensForNobody()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant victim = await registrar.JoinAsync("victim"), thief = await registrar.JoinAsync("thief");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        SignedEnvelope original = victim.Announce(victim.Announcement(Address), analyzer);
        await AcceptedAsync(victim, original);
        SignedEnvelope own = thief.Announce(thief.Announcement("2001:db8:1::66"), analyzer);
        JsonNode lifted = JsonNode.Parse(own.Body)!;
        lifted["sealed"] = JsonNode.Parse(original.Body)!["sealed"]!.DeepClone();
        await AcceptedAsync(thief, thief.Sign(EnvelopeKind.Announcement, Encoding.UTF8.GetBytes(lifted.ToJsonString())));
        // The victim itself, under another context: as little.
        JsonNode moved = JsonNode.Parse(victim.Announce(victim.Announcement(Address), analyzer).Body)!;
        moved["sealed"] = JsonNode.Parse(original.Body)!["sealed"]!.DeepClone();
        await AcceptedAsync(victim, victim.Sign(EnvelopeKind.Announcement, Encoding.UTF8.GetBytes(moved.ToJsonString())));

        FeedPage page = await analyzer.FeedAsync(0);

        Assert.Equal(3, page.Announcements.Count);
        byte[] secret = new byte[32];
        Assert.Equal([true, false, false], page.Announcements.Select(envelope =>
        {
            Assert.True(ParticipantCertificate.TryParse(envelope.Certificate, out ParticipantCertificate? sender, out _));
            Assert.True(SealedAnnouncement.TryParse(envelope.Body, out SealedAnnouncement? content, out _));
            return content.TryOpen(analyzer.Hpke, sender.Hash, secret);
        }));
    }

    [Fact]
    public async Task KeyOfSomebodyElse_SignedForByTheAttacker_IsRefusedAndItsFeedStaysEmpty()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a"), attacker = await registrar.JoinAsync("attacker");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        using TestParticipant other = await registrar.JoinAsync("other", Role.Analyzer);
        await host.AnnounceAsync(Address, analyzer);

        foreach (TestParticipant thief in (TestParticipant[])[attacker, other])
        {
            SignedEnvelope claim = thief.Sign(EnvelopeKind.KeyBundle, KeyBundle.Create(
                [thief.Hpke.PublicKey, analyzer.Hpke.PublicKey], ulong.MaxValue / 2, TestParticipant.NowNs, TestParticipant.NowNs + 3_600_000_000_000).ToJson());
            await TestParticipant.RefusedAsync(await PutAsync(thief, claim), 409, ErrorCodes.KeyTaken);
            Assert.Empty((await thief.FeedAsync(0)).Announcements);
        }
        await registrar.Host.Operator.RevokeAsync("collector", RegistrarOperator.Operator, "");
        await TestParticipant.RefusedAsync(await PutAsync(other, other.Sign(EnvelopeKind.KeyBundle, KeyBundle.Create(
            [analyzer.Hpke.PublicKey], ulong.MaxValue / 2, TestParticipant.NowNs, TestParticipant.NowNs + 3_600_000_000_000).ToJson())), 409, ErrorCodes.KeyTaken);
    }

    [Fact]
    public async Task KeyBundle_OlderAlteredOrOfAnother_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        SignedEnvelope old = a.KeyBundle(), newer = a.KeyBundle();
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(a, newer)).StatusCode);

        await TestParticipant.RefusedAsync(await PutAsync(a, old), 409, ErrorCodes.StaleSequence);
        await TestParticipant.RefusedAsync(await PutAsync(b, newer), 403, ErrorCodes.BadSignature);
        await TestParticipant.RefusedAsync(
            await PutAsync(a, a.KeyBundle() with { Body = old.Body }), 403, ErrorCodes.BadSignature);
        await TestParticipant.RefusedAsync(await PutAsync(a, a.Announce(a.Announcement(Address))), 403, ErrorCodes.BadSignature);
    }

    [Fact]
    public async Task Announcement_SealedToARevokedAnalyzer_IsRefused()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        SignedEnvelope prepared = host.Announce(host.Announcement(Address), analyzer);
        await registrar.Host.Operator.RevokeAsync("collector", RegistrarOperator.Operator, "");

        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(prepared), 409, ErrorCodes.RecipientUnknown);
        await TestParticipant.RefusedAsync(
            await analyzer.Http.GetAsync(new Uri($"{RegistrarRoutes.Feed}?after=0&waitSeconds=0", UriKind.Relative)), 403, ErrorCodes.Revoked);
        await TestParticipant.RefusedAsync(
            await analyzer.Http.GetAsync(new Uri($"{RegistrarRoutes.MyAnnouncements}?from=0&to=9223372036854775807&after=0", UriKind.Relative)),
            403, ErrorCodes.Revoked);
    }

    [Fact]
    public async Task Feed_AskedForWithEveryVersion_GivesNothingOfOthers()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b"), spy = await registrar.JoinAsync("spy");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        using TestParticipant unnamed = await registrar.JoinAsync("unnamed", Role.Analyzer);
        (Announcement announcement, _) = await a.AnnounceAsync(Address, analyzer);
        Assert.Equal(HttpStatusCode.OK, (await a.SendGrantsAsync(a.Grant(announcement, "2001:db8:1::2", b))).StatusCode);

        foreach (long after in (long[])[0, 1, 2, 3, long.MaxValue])
            foreach (TestParticipant curious in (TestParticipant[])[spy, unnamed, a])
            {
                FeedPage page = await curious.FeedAsync(after);
                Assert.Empty(page.Announcements);
                Assert.Empty(page.Grants);
            }
        foreach (string query in (string[])["after=-1&waitSeconds=0", "after=0&waitSeconds=61", "after=0", "after=9223372036854775808&waitSeconds=0", "after=0&after=1&waitSeconds=0"])
            await TestParticipant.RefusedAsync(
                await spy.Http.GetAsync(new Uri($"{RegistrarRoutes.Feed}?{query}", UriKind.Relative)), 400, ErrorCodes.Malformed);
        await TestParticipant.RefusedAsync(
            await spy.Http.GetAsync(new Uri($"{RegistrarRoutes.MyAnnouncements}?from=0&to=1&after=0", UriKind.Relative)), 403, ErrorCodes.WrongRole);
    }

    private static Task<HttpResponseMessage> PutAsync(TestParticipant sender, SignedEnvelope bundle) =>
        sender.Http.PutAsJsonAsync(RegistrarRoutes.Keys, bundle, RegistrarJson.Default.SignedEnvelope);

    private static async Task AcceptedAsync(TestParticipant sender, SignedEnvelope envelope) => await TestParticipant.ReadAsync(
        await sender.SendAnnouncementAsync(envelope), HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer);
}
