using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>Who can open what, with the real files and the real database of each.</summary>
public sealed class SecrecyTests
{
    private const string Here = "2001:db8:1::a", ToB = "2001:db8:1::b", ToC = "2001:db8:1::c";

    [Fact]
    public async Task Secrets_WithAllFilesOfEachParty_OpenForThoseTheyWereSealedToAndNobodyElse()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TemporaryDirectory directory = new();
        using IdentityDirectory sender = await EnrollAsync("sender"), b = await EnrollAsync("b"), c = await EnrollAsync("c");
        using IdentityDirectory named = await EnrollAsync("named", Role.Analyzer), unnamed = await EnrollAsync("unnamed", Role.Analyzer);
        using IdentityDirectory lost = await EnrollAsync("lost", Role.Analyzer);
        using RegistrarClient client = sender.ConnectRegistrar(TimeProvider.System);
        byte[] firstSecret = RandomNumberGenerator.GetBytes(32), secret = RandomNumberGenerator.GetBytes(32);
        byte[] pairB = new byte[32], pairC = new byte[32];
        KeyDerivation.PairSecret(secret, Ipv6Address.Parse(Here), Ipv6Address.Parse(ToB), pairB);
        KeyDerivation.PairSecret(secret, Ipv6Address.Parse(Here), Ipv6Address.Parse(ToC), pairC);

        await AnnounceAsync(firstSecret, named, lost);
        await registrar.Host.Operator.RevokeAsync("lost", RegistrarOperator.Operator, "its disk is gone");
        Announcement context = await AnnounceAsync(secret, named);
        RegistrarReply<VersionAnswer> granted =
            await client.PostGrantsAsync([Grant(context, ToB, pairB, b), Grant(context, ToC, pairC, c)], default);
        Assert.True(granted.IsAccepted, granted.Message);

        // What the registrar has is there for everybody: the loot of each is tried on all of it.
        string database = Path.Combine(registrar.Options.Data, "registrar.db");
        IReadOnlyList<SignedEnvelope> announcements = Loot.Envelopes(database, "announcements"), grants = Loot.Envelopes(database, "grants");
        Assert.Equal(2, announcements.Count);
        Assert.Equal(2, grants.Count);
        byte[][] all = [firstSecret, secret, pairB, pairC];
        byte[]?[] nothing = [null, null, null, null];
        Assert.Equal([firstSecret, secret, null, null], OpenedBy(named.Path));
        Assert.Equal([firstSecret, null, null, null], OpenedBy(lost.Path));
        Assert.Equal(nothing, OpenedBy(unnamed.Path));
        Assert.Equal([null, null, pairB, null], OpenedBy(b.Path));
        Assert.Equal([null, null, null, pairC], OpenedBy(c.Path));
        Assert.Equal(nothing, OpenedBy(sender.Path));
        Assert.Equal(nothing, OpenedBy(registrar.Options.Data));

        byte[]?[] OpenedBy(string files)
        {
            using Loot loot = new(files);
            Assert.NotEmpty(loot.Keys);
            // No file holds a secret that was not sealed away, nor the private key of somebody else.
            Assert.DoesNotContain(all, loot.Holds);
            foreach (IdentityDirectory other in (IdentityDirectory[])[sender, b, c, named, unnamed, lost])
                Assert.Equal(other.Path == files, loot.Holds(PrivateOctets(other)));
            return [loot.Open(announcements[0]), loot.Open(announcements[1]), loot.Open(grants[0]), loot.Open(grants[1])];
        }

        async Task<IdentityDirectory> EnrollAsync(string name, Role role = Role.Endpoint)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
            return await new Enrollment(new EnrollmentOptions
            {
                Registrar = registrar.Url,
                Authority = registrar.Host.Authority.Fingerprint,
                Token = await registrar.TokenAsync(role),
                Directory = Path.Combine(directory.Path, name),
                Name = name,
                Role = role,
            }, TimeProvider.System, _ => { }).RunAsync(limit.Token);
        }

        async Task<Announcement> AnnounceAsync(byte[] baseSecret, params IdentityDirectory[] analyzers)
        {
            ulong now = TestParticipant.NowNs;
            Announcement announcement = new()
            {
                FormatVersion = Announcement.CurrentFormatVersion,
                ContextId = ContextId.NewRandom(),
                IncarnationId = IncarnationId.NewRandom(),
                Sequence = now,
                IssuedAtUnixNs = now,
                NotAfterUnixNs = now + 3_600_000_000_000,
                AgentName = "sender",
                Addresses = [Ipv6Address.Parse(Here)],
                Suite = Suite.Aes256Gcm,
                Timetable = new EpochTimetable(0, now, EpochTimetable.DefaultLengthNs, 60),
                OptionType = 0x1e,
                ClockErrorBoundNs = 1_000_000,
            };
            using IdentityKey key = sender.OpenIdentityKey();
            RegistrarReply<VersionAnswer> reply = await client.PostAnnouncementAsync(
                SignedEnvelope.Sign(
                    EnvelopeKind.Announcement,
                    SealedAnnouncement.Seal(announcement, baseSecret, [.. analyzers.Select(RecipientOf)], sender.Certificate), key, sender.Certificate),
                default);
            Assert.True(reply.IsAccepted, reply.Message);
            return announcement;
        }

        SignedEnvelope Grant(Announcement announcement, string destination, byte[] pairSecret, IdentityDirectory recipient)
        {
            using IdentityKey key = sender.OpenIdentityKey();
            return SignedEnvelope.Sign(EnvelopeKind.Grant, SealedGrant.Seal(
                new Grant
                {
                    FormatVersion = Security.Announcements.Grant.CurrentFormatVersion,
                    ContextId = announcement.ContextId,
                    Source = Ipv6Address.Parse(Here),
                    Destination = Ipv6Address.Parse(destination),
                    Recipient = default,
                    FirstEpochIndex = 0,
                    LastEpochIndex = 59,
                    IssuedAtUnixNs = TestParticipant.NowNs,
                },
                pairSecret, RecipientOf(recipient), sender.Certificate), key, sender.Certificate);
        }
    }

    [Fact]
    public async Task Registrar_ThatPutsItsOwnKeysInThePlaceOfAnAnalyzers_IsFoundOut()
    {
        await using TestRegistrar registrar = await TestRegistrar.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        using TestParticipant accomplice = await registrar.JoinAsync("accomplice", Role.Analyzer);

        // Whoever has the database has the accomplice's bundle served as the collector's.
        using (SqliteConnection connection = new($"Data Source={Path.Combine(registrar.Options.Data, "registrar.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                UPDATE participants SET (bundle_body, bundle_signature, bundle_certificate_hash) =
                  (SELECT bundle_body, bundle_signature, bundle_certificate_hash FROM participants WHERE name = 'accomplice')
                WHERE name = 'collector'
                """;
            Assert.Equal(1, command.ExecuteNonQuery());
        }
        IReadOnlyList<ParticipantKeys> answers = await TestParticipant.ReadAsync(
            await host.Http.GetAsync(new Uri(RegistrarRoutes.Analyzers, UriKind.Relative)), System.Net.HttpStatusCode.OK,
            RegistrarJson.Default.IReadOnlyListParticipantKeys);
        ParticipantKeys substituted = answers.Single(answer => answer.Certificate.AsSpan().SequenceEqual(analyzer.Certificate!.Der.Span));
        ParticipantKeys honest = answers.Single(answer => answer.Certificate.AsSpan().SequenceEqual(accomplice.Certificate!.Der.Span));

        Assert.False(PublishedKeys.TryVerify(
            substituted, registrar.Host.Authority, Role.Analyzer, TestParticipant.NowNs, out _, out string? error));
        Assert.Contains("signed by somebody else", error);
        // With the accomplice's certificate as well it holds together, and is not the identity that senders pin.
        Assert.True(PublishedKeys.TryVerify(honest, registrar.Host.Authority, Role.Analyzer, TestParticipant.NowNs, out Addressee? found, out _));
        Assert.NotEqual(analyzer.Key.Fingerprint, found.Certificate.IdentityFingerprint);
    }

    private static Recipient RecipientOf(IdentityDirectory identity) =>
        new(identity.HpkeKeys[0].PublicKey, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm);

    private static byte[] PrivateOctets(IdentityDirectory identity)
    {
        byte[] octets = new byte[identity.HpkeKeys[0].Size];
        identity.HpkeKeys[0].Export(octets);
        return octets;
    }
}
