using System.Net;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Server;

/// <summary>A registrar on a free port of the loopback, with a store of its own.</summary>
internal sealed class TestRegistrar : IAsyncDisposable
{
    public const string Prefix = "2001:db8:1::/48";

    private readonly TemporaryDirectory _directory;

    private TestRegistrar(TemporaryDirectory directory, RegistrarOptions options, RegistrarHost host) =>
        (_directory, Options, Host) = (directory, options, host);

    public RegistrarOptions Options { get; }

    public RegistrarHost Host { get; private set; }

    public Uri Url => new($"https://{Host.Address}");

    public static async Task<TestRegistrar> StartAsync(Func<RegistrarOptions, RegistrarOptions>? change = null)
    {
        TemporaryDirectory directory = new();
        RegistrarOptions options = new()
        {
            Data = Path.Combine(directory.Path, "data"),
            Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0),
            // Tests ask more quickly than people.
            Rates = new RegistrarRates { StrangersAtOnce = 10_000, ParticipantsAtOnce = 10_000 },
        };
        options = change?.Invoke(options) ?? options;
        return new TestRegistrar(directory, options, await RegistrarHost.StartAsync(options, CancellationToken.None));
    }

    /// <summary>Stops it and starts another one on the same store.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await RegistrarHost.StartAsync(Options, CancellationToken.None);
    }

    public async Task<string> TokenAsync(Role role = Role.Endpoint, int uses = 1, bool approval = false, string prefix = Prefix) =>
        (await Host.Operator.CreateTokenAsync(new TokenRequest
        {
            Role = role,
            Prefixes = role == Role.Endpoint ? [Parse(prefix)] : [],
            Uses = uses,
            NeedsApproval = approval,
        })).ToText();

    /// <summary>Somebody who is enrolled and has put its keys.</summary>
    public async Task<TestParticipant> JoinAsync(string name, Role role = Role.Endpoint, string prefix = Prefix)
    {
        TestParticipant participant = new(Url, name, role);
        await participant.EnrollAsync(await TokenAsync(role, prefix: prefix));
        await participant.PutKeysAsync();
        return participant;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Dispose();
    }

    public static Ipv6Prefix Parse(string text) =>
        Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix) ? prefix : throw new FormatException(text);
}
