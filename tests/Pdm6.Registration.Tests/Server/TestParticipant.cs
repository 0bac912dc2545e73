using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pdm6.Registration.Contract;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Server;

/// <summary>A participant that says what the test wants, true or not.</summary>
internal sealed class TestParticipant(Uri registrar, string name, Role role) : IDisposable
{
    private HttpClient? _http;
    private X509Certificate2? _tls;
    private ulong _sequence = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public string Name => name;

    public IdentityKey Key { get; } = IdentityKey.Generate();

    public HpkePrivateKey Hpke { get; } = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);

    public Recipient Recipient => new(Hpke.PublicKey, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm);

    public ParticipantCertificate? Certificate { get; private set; }

    /// <summary>What it sends its requests to.</summary>
    public Uri Registrar { get; set; } = registrar;

    public static ulong NowNs => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public HttpClient Http => _http ??= CreateClient(Registrar, _tls);

    public static HttpClient CreateClient(Uri registrar, X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ClientCertificates = certificate is null ? null : [certificate],
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        };
        return new HttpClient(handler) { BaseAddress = registrar, Timeout = TimeSpan.FromSeconds(100) };
    }

    /// <summary>Uses a certificate from now on.</summary>
    public void Use(byte[] certificate)
    {
        Assert.True(ParticipantCertificate.TryParse(certificate, out ParticipantCertificate? read, out string? error), error);
        Certificate = read;
        _http?.Dispose();
        _http = null;
        _tls?.Dispose();
        _tls = Key.ForTls(certificate);
    }

    public EnrollmentRequest Request(string token, params string[] prefixes) => new(
        token, name, RoleText.Of(role), Key.CreateRequest(name), prefixes.Length == 0 ? null : prefixes);

    public Task<HttpResponseMessage> AskToEnrollAsync(string token, params string[] prefixes) => Http.PostAsJsonAsync(
        RegistrarRoutes.Enrollments, Request(token, prefixes), RegistrarJson.Default.EnrollmentRequest);

    public async Task<EnrollmentAnswer> EnrollAsync(string token, params string[] prefixes)
    {
        EnrollmentAnswer answer = await ReadAsync(
            await AskToEnrollAsync(token, prefixes), HttpStatusCode.Created, RegistrarJson.Default.EnrollmentAnswer);
        Use(answer.Certificate);
        return answer;
    }

    public SignedEnvelope Sign(EnvelopeKind kind, byte[] body) => SignedEnvelope.Sign(kind, body, Key, Certificate!);

    public SignedEnvelope KeyBundle() => Sign(EnvelopeKind.KeyBundle, Security.Announcements.KeyBundle.Create(
        [Hpke.PublicKey], ++_sequence, NowNs, NowNs + 86_400_000_000_000).ToJson());

    public async Task PutKeysAsync()
    {
        using HttpResponseMessage response = await Http.PutAsJsonAsync(
            RegistrarRoutes.Keys, KeyBundle(), RegistrarJson.Default.SignedEnvelope);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    public Announcement Announcement(string address, ulong? sequence = null) => new()
    {
        FormatVersion = Security.Announcement.CurrentFormatVersion,
        ContextId = ContextId.NewRandom(),
        IncarnationId = IncarnationId.NewRandom(),
        Sequence = sequence ?? ++_sequence,
        IssuedAtUnixNs = NowNs,
        NotAfterUnixNs = NowNs + 3_600_000_000_000,
        AgentName = name,
        Addresses = [Ipv6Address.Parse(address)],
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(0, NowNs, EpochTimetable.DefaultLengthNs, 60),
        OptionType = 0x1e,
        ClockErrorBoundNs = 1_000_000,
    };

    public SignedEnvelope Announce(Announcement announcement, params TestParticipant[] analyzers) => Sign(
        EnvelopeKind.Announcement,
        SealedAnnouncement.Seal(announcement, new byte[32], [.. analyzers.Select(analyzer => analyzer.Recipient)], Certificate!));

    public Task<HttpResponseMessage> SendAnnouncementAsync(SignedEnvelope envelope) => Http.PostAsJsonAsync(
        RegistrarRoutes.Announcements, envelope, RegistrarJson.Default.SignedEnvelope);

    /// <summary>Announces one address; the announcement and its version.</summary>
    public async Task<(Announcement Announcement, long Version)> AnnounceAsync(string address, params TestParticipant[] analyzers)
    {
        Announcement announcement = Announcement(address);
        VersionAnswer answer = await ReadAsync(
            await SendAnnouncementAsync(Announce(announcement, analyzers)), HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer);
        return (announcement, answer.Version);
    }

    public SignedEnvelope Grant(Announcement announcement, string destination, TestParticipant recipient) => Sign(
        EnvelopeKind.Grant,
        SealedGrant.Seal(
            new Grant
            {
                FormatVersion = Security.Announcements.Grant.CurrentFormatVersion,
                ContextId = announcement.ContextId,
                Source = announcement.Addresses[0],
                Destination = Ipv6Address.Parse(destination),
                Recipient = default,
                FirstEpochIndex = 0,
                LastEpochIndex = 59,
                IssuedAtUnixNs = NowNs,
            },
            new byte[32], recipient.Recipient, Certificate!));

    public Task<HttpResponseMessage> SendGrantsAsync(params SignedEnvelope[] grants) => Http.PostAsJsonAsync(
        RegistrarRoutes.Grants, grants, RegistrarJson.Default.IReadOnlyListSignedEnvelope);

    public async Task<FeedPage> FeedAsync(long after, int waitSeconds = 0) => await ReadAsync(
        await Http.GetAsync(new Uri($"{RegistrarRoutes.Feed}?after={after}&waitSeconds={waitSeconds}", UriKind.Relative)),
        HttpStatusCode.OK, RegistrarJson.Default.FeedPage);

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpStatusCode expected, JsonTypeInfo<T> type)
    {
        using (response)
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
            return JsonSerializer.Deserialize(body, type)!;
        }
    }

    /// <summary>Asserts a refusal; its message says what to do next.</summary>
    public static async Task RefusedAsync(HttpResponseMessage response, int status, string code)
    {
        ErrorAnswer answer = await ReadAsync(response, (HttpStatusCode)status, RegistrarJson.Default.ErrorAnswer);
        Assert.Equal(code, answer.Error);
        Assert.EndsWith(".", answer.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _http?.Dispose();
        _tls?.Dispose();
        Hpke.Dispose();
        Key.Dispose();
    }
}
