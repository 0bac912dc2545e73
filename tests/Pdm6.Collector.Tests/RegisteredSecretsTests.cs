using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Secrets;
using Pdm6.Registration;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>With registration: which contexts a collector opens, and who may report to it.</summary>
public sealed class RegisteredSecretsTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pdm6-registered-secrets-");
    private readonly IngestQueue _queue = new();
    private readonly Lines _lines = new();
    private RegistrarHost _registrar = null!;
    private IdentityDirectory _endpoint = null!;
    private HpkePublicKey _key = null!;

    public async Task InitializeAsync()
    {
        _registrar = await RegistrarHost.StartAsync(
            new RegistrarOptions { Data = DirectoryOf("registrar"), Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0) }, _patience.Token);
        using (IdentityDirectory collector = await EnrollAsync("collector", Role.Analyzer))
            _key = collector.HpkeKeys[0].PublicKey;
        _endpoint = await EnrollAsync("host-a", Role.Endpoint);
    }

    public async Task DisposeAsync() => await _registrar.DisposeAsync();

    public void Dispose()
    {
        _endpoint.Dispose();
        _patience.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Context_AnnouncedToTheCollector_IsOpenedAndItsSecretHandedOn()
    {
        await using RegisteredSecrets secrets = Open();
        using CancellationTokenSource stop = new();
        Task running = secrets.RunAsync(stop.Token);
        using RegistrarClient registrar = _endpoint.ConnectRegistrar(TimeProvider.System);

        RegistrarReply<VersionAnswer> reply = await registrar.PostAnnouncementAsync(Announce(_key, 7, out ContextId context), _patience.Token);
        Assert.True(reply.IsAccepted, reply.Message);

        IngestMessage.Context message = Assert.IsType<IngestMessage.Context>(await _queue.Reader.ReadAsync(_patience.Token));
        Assert.Equal(context, message.Sealed.Announcement.ContextId);
        Assert.All(message.BaseSecret, octet => Assert.Equal(7, octet));
        Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(message.Sealed.Envelope), out _, out _));
        await StopAsync(stop, running);
    }

    [Fact]
    public async Task Kept_EnvelopesOfACollectorBefore_AreOpenedWithoutTheRegistrar()
    {
        await _registrar.DisposeAsync();
        using HpkePrivateKey another = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
        string foreign = Text(Announce(another.PublicKey, 8, out _)), own = Text(Announce(_key, 9, out ContextId context));
        await using RegisteredSecrets secrets = Open("not an envelope", foreign, own.Replace("\"signature\":\"", "\"signature\":\"AAAA", StringComparison.Ordinal), own);
        using CancellationTokenSource stop = new();
        Task running = secrets.RunAsync(stop.Token);

        IngestMessage.Context message = Assert.IsType<IngestMessage.Context>(await _queue.Reader.ReadAsync(_patience.Token));

        Assert.Equal(context, message.Sealed.Announcement.ContextId);
        Assert.All(message.BaseSecret, octet => Assert.Equal(9, octet));
        Assert.Contains(_lines.Written, line => line.Contains("is not sealed to a key of this analyzer", StringComparison.Ordinal));
        Assert.False(_queue.Reader.TryPeek(out _));
        await StopAsync(stop, running);
    }

    [Fact]
    public async Task Reporter_EnrolledEndpoint_MayUntilItIsRevoked()
    {
        await using RegisteredSecrets secrets = Open();
        using CancellationTokenSource stop = new();
        Task running = secrets.RunAsync(stop.Token);

        Assert.True(secrets.MayReport(_endpoint.Certificate.Der.Span, out string? name));
        Assert.Equal("host-a", name);
        Assert.False(secrets.MayReport([1, 2, 3], out _));
        await _registrar.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "");
        while (secrets.MayReport(_endpoint.Certificate.Der.Span, out _))
            await Task.Delay(5, _patience.Token);
        await StopAsync(stop, running);
    }

    [Fact]
    public async Task Open_IdentityOfAnEndpoint_SaysWhichRoleItNeeds()
    {
        (await EnrollAsync("host-b", Role.Endpoint)).Dispose();

        CollectorConfigurationException refused = Assert.Throws<CollectorConfigurationException>(
            () => RegisteredSecrets.Open(DirectoryOf("host-b"), [], _queue, _lines, TimeProvider.System));

        Assert.Contains("--role analyzer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoIdentity_NamesTheSetting() => Assert.StartsWith(
        "identity: ",
        Assert.Throws<CollectorConfigurationException>(
            () => RegisteredSecrets.Open(DirectoryOf("nobody"), [], _queue, _lines, TimeProvider.System)).Message,
        StringComparison.Ordinal);

    private RegisteredSecrets Open(params string[] kept) =>
        RegisteredSecrets.Open(DirectoryOf("collector"), kept, _queue, _lines, TimeProvider.System);

    private string DirectoryOf(string name) => Path.Combine(_root.FullName, name);

    private async Task<IdentityDirectory> EnrollAsync(string name, Role role)
    {
        EnrollmentToken token = await _registrar.Operator.CreateTokenAsync(
            new TokenRequest { Role = role, Prefixes = role == Role.Endpoint ? [new Ipv6Prefix(Ipv6Address.Parse("2001:db8::"), 32)] : [] });
        EnrollmentOptions options = new()
        {
            Registrar = new Uri($"https://{_registrar.Address}"),
            Authority = token.Authority,
            Token = token.ToText(),
            Directory = DirectoryOf(name),
            Name = name,
            Role = role,
        };
        return await new Enrollment(options, TimeProvider.System, _ => { }).RunAsync(_patience.Token);
    }

    private SignedEnvelope Announce(HpkePublicKey recipient, byte fill, out ContextId context)
    {
        ulong now = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        Announcement announcement = new()
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = context = ContextId.NewRandom(),
            IncarnationId = IncarnationId.NewRandom(),
            Sequence = now,
            IssuedAtUnixNs = now,
            NotAfterUnixNs = now + 3_600_000_000_000,
            AgentName = "host-a",
            Addresses = [Ipv6Address.Parse("2001:db8::1")],
            Suite = Suite.Aes256Gcm,
            Timetable = EpochTimetable.NewRandom(now, EpochTimetable.DefaultLengthNs),
            OptionType = 0x1e,
            ClockErrorBoundNs = 1_000_000,
        };
        byte[] secret = new byte[KeyDerivation.SecretSize];
        secret.AsSpan().Fill(fill);
        using IdentityKey key = _endpoint.OpenIdentityKey();
        byte[] body = SealedAnnouncement.Seal(
            announcement, secret, [new Recipient(recipient, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm)], _endpoint.Certificate);
        return SignedEnvelope.Sign(EnvelopeKind.Announcement, body, key, _endpoint.Certificate);
    }

    private static string Text(SignedEnvelope envelope) => Encoding.UTF8.GetString(envelope.ToJson());

    private static async Task StopAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(60)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(running.IsCompleted);
        Assert.Null(running.Exception);
    }

    private sealed class Lines : ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));
    }
}
