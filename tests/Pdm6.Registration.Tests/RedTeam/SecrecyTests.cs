using Microsoft.Data.Sqlite;
using Pdm6.Capture;
using Pdm6.Capture.Analysis;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>Who can open what, with the real files and the real database of each.</summary>
public sealed class SecrecyTests
{
    [Theory]
    [InlineData("named", true, true, false, false)]
    [InlineData("lost", true, false, false, false)]
    [InlineData("b", false, false, true, false)]
    [InlineData("c", false, false, false, true)]
    [InlineData("unnamed", false, false, false, false)]
    [InlineData("sender", false, false, false, false)]
    [InlineData("registrar", false, false, false, false)]
    public async Task Secrets_WithAllFilesOfOneParty_OpenIfTheyWereSealedToIt(string party, bool first, bool second, bool pairB, bool pairC)
    {
        await using SecrecyScene scene = await SecrecyScene.PlayAsync();
        using Loot loot = new(scene.Files[party]);
        // What the registrar relays, everybody may have got hold of.
        SignedEnvelope[] envelopes = [.. Loot.Envelopes(scene.Database, "announcements"), .. Loot.Envelopes(scene.Database, "grants")];
        byte[][] secrets = [scene.FirstSecret, scene.SecondSecret, scene.PairB, scene.PairC];

        Assert.Equal(
            new[] { first, second, pairB, pairC }.Zip(secrets, (isOpened, secret) => isOpened ? secret : null),
            envelopes.Select(loot.Open));
        Assert.NotEmpty(loot.Keys);
        Assert.DoesNotContain(secrets, loot.Holds);
        // In its files there is one private key of those that things are sealed to: its own.
        Assert.Equal(
            scene.Identities.Keys.Where(name => name == party),
            scene.Identities.Where(other => loot.Holds(PrivateOctets(other.Value))).Select(other => other.Key));
    }

    [Theory]
    [InlineData("named", 10)]
    [InlineData("lost", 0)]
    [InlineData("b", 0)]
    [InlineData("unnamed", 0)]
    [InlineData("sender", 0)]
    [InlineData("registrar", 0)]
    public async Task Capture_WithTheStoredAnnouncementsAndAllKeysOfOneParty_OpensForTheNamedAnalyzer(string party, long opened)
    {
        await using SecrecyScene scene = await SecrecyScene.PlayAsync();
        byte[] capture = SealedCapture.Make(scene.PairC, SecrecyScene.Here, SecrecyScene.ToC, scene.SecondBeganUnixNs, packets: 10);
        using Loot loot = new(scene.Files[party]);
        using CaptureKeys keys = new(null, new AnalyzerKeys(loot.Keys, scene.Authority));
        foreach (SignedEnvelope envelope in Loot.Envelopes(scene.Database, "announcements"))
            Assert.True(keys.TryAddAnnouncements(envelope.ToJson(), out string? error), error);

        using CaptureReader reader = new(new MemoryStream(capture));
        PacketTally tally = new CaptureAnalyzer(keys).Analyze(reader).Totals.Tally;

        // Who holds another context of the same sender tries that, and fails at the tag.
        Assert.Equal((opened, 10 - opened), (tally.Opened, tally.NoKey + tally.AuthenticationFailed));
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

    private static byte[] PrivateOctets(IdentityDirectory identity)
    {
        byte[] octets = new byte[identity.HpkeKeys[0].Size];
        identity.HpkeKeys[0].Export(octets);
        return octets;
    }
}
