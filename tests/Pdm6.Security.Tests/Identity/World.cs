using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Identity;

/// <summary>An authority and those it knows.</summary>
internal sealed class World(CertificateAuthority authority) : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public World()
        : this(CertificateAuthority.Create("lab", Now.AddDays(-1)))
    {
    }

    public CertificateAuthority Authority { get; } = authority;

    public AuthorityCertificate Trust => Authority.Certificate;

    public static ulong NowUnixNs => UnixNs(Now);

    public static ulong UnixNs(DateTimeOffset time) => (ulong)time.ToUnixTimeMilliseconds() * 1_000_000;

    public static ParticipantRequest RequestOf(IdentityKey key, string name = "host-a") =>
        ParticipantRequest.TryParse(key.CreateRequest(name), out ParticipantRequest? request, out string? error)
            ? request
            : throw new InvalidOperationException(error);

    public Participant Join(string name, Role role, params string[] prefixes) => Join(name, role, Now.AddHours(-1), Now.AddDays(30), prefixes);

    public Participant Join(string name, Role role, DateTimeOffset notBefore, DateTimeOffset notAfter, params string[] prefixes)
    {
        IdentityKey key = IdentityKey.Generate();
        return new Participant(key, Authority.Issue(RequestOf(key, name), role, name, Prefixes(prefixes), notBefore, notAfter));
    }

    public static IReadOnlyList<Ipv6Prefix> Prefixes(params string[] texts) =>
        [.. texts.Select(text => Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix) ? prefix : throw new FormatException(text))];

    public void Dispose() => Authority.Dispose();
}
