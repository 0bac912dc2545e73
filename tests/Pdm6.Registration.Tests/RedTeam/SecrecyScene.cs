using System.Security.Cryptography;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>
/// A registrar and six identities with real files. The sender announced two contexts: the first sealed to the analyzers
/// "named" and "lost", then "lost" was revoked, and the second is sealed to "named" alone. Of the second, b and c have a
/// grant each, for packets to them.
/// </summary>
internal sealed class SecrecyScene : IAsyncDisposable
{
    public const string Here = "2001:db8:1::a", ToB = "2001:db8:1::b", ToC = "2001:db8:1::c";

    private readonly TemporaryDirectory _directory = new();
    private readonly TestRegistrar _registrar;

    private SecrecyScene(TestRegistrar registrar) => _registrar = registrar;

    /// <summary>Everybody's files by name, those of the registrar too.</summary>
    public Dictionary<string, string> Files { get; } = [];

    public Dictionary<string, IdentityDirectory> Identities { get; } = [];

    public byte[] FirstSecret { get; } = RandomNumberGenerator.GetBytes(32);

    public byte[] SecondSecret { get; } = RandomNumberGenerator.GetBytes(32);

    public byte[] PairB { get; } = new byte[32];

    public byte[] PairC { get; } = new byte[32];

    /// <summary>When the second context began.</summary>
    public ulong SecondBeganUnixNs { get; private set; }

    public AuthorityCertificate Authority => _registrar.Host.Authority;

    public string Database => Path.Combine(_registrar.Options.Data, "registrar.db");

    private IdentityDirectory Sender => Identities["sender"];

    public static async Task<SecrecyScene> PlayAsync()
    {
        SecrecyScene scene = new(await TestRegistrar.StartAsync());
        await scene.RunAsync();
        return scene;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IdentityDirectory identity in Identities.Values)
            identity.Dispose();
        await _registrar.DisposeAsync();
        _directory.Dispose();
    }

    private async Task RunAsync()
    {
        Files.Add("registrar", _registrar.Options.Data);
        foreach (string endpoint in (string[])["sender", "b", "c"])
            await EnrollAsync(endpoint, Role.Endpoint);
        foreach (string analyzer in (string[])["named", "lost", "unnamed"])
            await EnrollAsync(analyzer, Role.Analyzer);
        KeyDerivation.PairSecret(SecondSecret, Ipv6Address.Parse(Here), Ipv6Address.Parse(ToB), PairB);
        KeyDerivation.PairSecret(SecondSecret, Ipv6Address.Parse(Here), Ipv6Address.Parse(ToC), PairC);

        using RegistrarClient client = Sender.ConnectRegistrar(TimeProvider.System);
        await AnnounceAsync(client, FirstSecret, "named", "lost");
        await _registrar.Host.Operator.RevokeAsync("lost", RegistrarOperator.Operator, "its disk is gone");
        Announcement second = await AnnounceAsync(client, SecondSecret, "named");
        SecondBeganUnixNs = second.Timetable.FirstInstantUnixNs;
        RegistrarReply<VersionAnswer> granted =
            await client.PostGrantsAsync([Grant(second, ToB, PairB, "b"), Grant(second, ToC, PairC, "c")], default);
        Assert.True(granted.IsAccepted, granted.Message);
    }

    private async Task EnrollAsync(string name, Role role)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        Files.Add(name, Path.Combine(_directory.Path, name));
        Identities.Add(name, await new Enrollment(new EnrollmentOptions
        {
            Registrar = _registrar.Url,
            Authority = Authority.Fingerprint,
            Token = await _registrar.TokenAsync(role),
            Directory = Files[name],
            Name = name,
            Role = role,
        }, TimeProvider.System, _ => { }).RunAsync(limit.Token));
    }

    private async Task<Announcement> AnnounceAsync(RegistrarClient client, byte[] baseSecret, params string[] analyzers)
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
        using IdentityKey key = Sender.OpenIdentityKey();
        RegistrarReply<VersionAnswer> reply = await client.PostAnnouncementAsync(
            SignedEnvelope.Sign(
                EnvelopeKind.Announcement,
                SealedAnnouncement.Seal(announcement, baseSecret, [.. analyzers.Select(RecipientOf)], Sender.Certificate), key, Sender.Certificate),
            default);
        Assert.True(reply.IsAccepted, reply.Message);
        return announcement;
    }

    private SignedEnvelope Grant(Announcement announcement, string destination, byte[] pairSecret, string recipient)
    {
        using IdentityKey key = Sender.OpenIdentityKey();
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
            pairSecret, RecipientOf(recipient), Sender.Certificate), key, Sender.Certificate);
    }

    private Recipient RecipientOf(string name) =>
        new(Identities[name].HpkeKeys[0].PublicKey, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm);
}
