using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Pdm6.Registration.Contract;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>One endpoint, or the analyzer, of the ten thousand.</summary>
internal sealed class EndpointClient(string name, Role role, Ipv6Address address) : IAsyncDisposable
{
    private const ulong Hour = 3_600_000_000_000;

    private readonly IdentityKey _key = IdentityKey.Generate();
    private X509Certificate2? _tls;
    private ParticipantCertificate? _certificate;
    private HttpConnection? _connection;
    private readonly Queue<byte[]> _announcements = [];

    /// <summary>How far it has read its feed.</summary>
    public long Version { get; set; }

    /// <summary>Connects without a certificate, gets one, and closes.</summary>
    public async Task EnrollAsync(IPEndPoint registrar, string token)
    {
        HttpConnection connection = await HttpConnection.OpenAsync(registrar, null).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            byte[] request = JsonSerializer.SerializeToUtf8Bytes(
                new EnrollmentRequest(token, name, RoleText.Of(role), _key.CreateRequest(name)), RegistrarJson.Default.EnrollmentRequest);
            byte[] body = await AskAsync(connection, "POST", RegistrarRoutes.Enrollments, request, 201).ConfigureAwait(false);
            byte[] certificate = JsonSerializer.Deserialize(body, RegistrarJson.Default.EnrollmentAnswer)!.Certificate;
            BenchException.Require(ParticipantCertificate.TryParse(certificate, out _certificate, out string? error), error!);
            _tls = _key.ForTls(certificate);
        }
    }

    /// <summary>Connects with its certificate, and stays.</summary>
    public async Task ConnectAsync(IPEndPoint registrar) =>
        _connection = await HttpConnection.OpenAsync(registrar, _tls).ConfigureAwait(false);

    /// <summary>Makes the two contexts that it will announce, one after the other.</summary>
    public void Prepare(Recipient analyzer)
    {
        ulong now = UnixClock.NowNs;
        _announcements.Enqueue(Seal(analyzer, now));
        _announcements.Enqueue(Seal(analyzer, now + 1));
    }

    private byte[] Seal(Recipient analyzer, ulong now)
    {
        Announcement announcement = new()
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = IncarnationId.NewRandom(),
            Sequence = now,
            IssuedAtUnixNs = now,
            NotAfterUnixNs = now + Hour,
            AgentName = name,
            Addresses = [address],
            Suite = Suite.Aes256Gcm,
            Timetable = EpochTimetable.NewRandom(now, EpochTimetable.DefaultLengthNs),
            OptionType = 0x1e,
            ClockErrorBoundNs = 1_000_000,
        };
        byte[] body = SealedAnnouncement.Seal(announcement, new byte[32], [analyzer], _certificate!);
        return SignedEnvelope.Sign(EnvelopeKind.Announcement, body, _key, _certificate!).ToJson();
    }

    /// <summary>Announces the next context.</summary>
    public Task AnnounceAsync() => AskAsync(_connection!, "POST", RegistrarRoutes.Announcements, _announcements.Dequeue(), 200);

    public async Task PutKeysAsync(HpkePublicKey key)
    {
        ulong now = UnixClock.NowNs;
        byte[] bundle = KeyBundle.Create([key], now, now, now + Hour).ToJson();
        await AskAsync(
            _connection!, "PUT", RegistrarRoutes.Keys, SignedEnvelope.Sign(EnvelopeKind.KeyBundle, bundle, _key, _certificate!).ToJson(), 204)
            .ConfigureAwait(false);
    }

    public async Task<FeedPage> FeedAsync(long after, int waitSeconds) => JsonSerializer.Deserialize(
        await AskAsync(_connection!, "GET", $"{RegistrarRoutes.Feed}?after={after}&waitSeconds={waitSeconds}", [], 200).ConfigureAwait(false),
        RegistrarJson.Default.FeedPage)!;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _tls?.Dispose();
        _key.Dispose();
    }

    private static async Task<byte[]> AskAsync(HttpConnection connection, string method, string path, byte[] body, int expected)
    {
        (int status, byte[] answer) = await connection.AskAsync(method, path, body).ConfigureAwait(false);
        BenchException.Require(
            status == expected, $"{method} {path} was answered by {status}: {System.Text.Encoding.UTF8.GetString(answer)}");
        return answer;
    }
}
