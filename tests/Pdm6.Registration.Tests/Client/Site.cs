using System.Collections.Concurrent;
using System.Net;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Client;

/// <summary>A registrar on loopback, with directories for those who enrol there. Registrar and participants have clocks of
/// their own.</summary>
internal sealed class Site : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pdm6-enroll-");
    private RegistrarHost? _registrar;
    private int _port;

    public RegistrarHost Registrar => _registrar!;

    public ShiftedTime RegistrarTime { get; } = new();

    /// <summary>The participants' clock; they wait a hundredth.</summary>
    public ShiftedTime Time { get; } = new(haste: 100);

    public Uri Url => new($"https://[::1]:{_port}");

    /// <summary>What enrolments said.</summary>
    public ConcurrentQueue<string> Progress { get; } = new();

    public static async Task<Site> StartAsync()
    {
        Site site = new();
        await site.StartRegistrarAsync();
        return site;
    }

    /// <summary>Starts the registrar; again on the same port.</summary>
    public async Task StartRegistrarAsync()
    {
        _registrar = await RegistrarHost.StartAsync(
            new RegistrarOptions
            {
                Data = Path.Combine(_root.FullName, "registrar"),
                Listen = new IPEndPoint(IPAddress.IPv6Loopback, _port),
                Time = RegistrarTime,
            },
            CancellationToken.None);
        _port = _registrar.Address.Port;
    }

    public ValueTask StopRegistrarAsync() => _registrar!.DisposeAsync();

    public string DirectoryOf(string name) => Path.Combine(_root.FullName, name);

    public Task<EnrollmentToken> TokenAsync(Role role = Role.Endpoint, bool needsApproval = false) =>
        Registrar.Operator.CreateTokenAsync(new TokenRequest
        {
            Role = role,
            Prefixes = role == Role.Endpoint ? [Prefix("2001:db8::/32")] : [],
            NeedsApproval = needsApproval,
        });

    public EnrollmentOptions Options(EnrollmentToken token, string name, Role role = Role.Endpoint) => new()
    {
        Registrar = Url,
        Authority = token.Authority,
        Token = token.ToText(),
        Directory = DirectoryOf(name),
        Name = name,
        Role = role,
    };

    public Enrollment Enrollment(EnrollmentOptions options, Action? afterStep = null) =>
        new(options, Time, Progress.Enqueue, afterStep ?? (() => { }));

    public async Task<IdentityDirectory> EnrollAsync(EnrollmentOptions options)
    {
        using CancellationTokenSource patience = new(Patience);
        return await Enrollment(options).RunAsync(patience.Token);
    }

    public async Task<IdentityDirectory> EnrollAsync(string name, Role role = Role.Endpoint) =>
        await EnrollAsync(Options(await TokenAsync(role), name, role));

    public Task<IReadOnlyList<ParticipantDescription>> ParticipantsAsync() =>
        Registrar.Operator.ParticipantsAsync(CancellationToken.None);

    /// <summary>Waits until an enrolment has said this.</summary>
    public async Task WaitForAsync(string text)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!Progress.Any(line => line.Contains(text, StringComparison.Ordinal)))
            await Task.Delay(5, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_registrar is not null)
            await _registrar.DisposeAsync();
        _root.Delete(recursive: true);
    }

    public static Ipv6Prefix Prefix(string text) =>
        Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix) ? prefix : throw new ArgumentException(text);
}
