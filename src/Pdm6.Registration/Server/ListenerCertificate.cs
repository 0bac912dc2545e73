using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Server;

/// <summary>The certificate that the listener shows: issued by the authority at start, for a key that lives as long as
/// the process, and renewed while it runs. For any thread.</summary>
internal sealed class ListenerCertificate : IDisposable
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan _backdated = TimeSpan.FromMinutes(5);

    private readonly IdentityKey _key = IdentityKey.Generate();
    private readonly CertificateAuthority _authority;
    private readonly TimeProvider _time;
    private readonly string[] _names;
    private readonly IPAddress[] _addresses;
    private readonly X509Certificate2 _authorityCertificate;
    private readonly List<X509Certificate2> _issued = [];
    private volatile SslStreamCertificateContext _current;
    private DateTimeOffset _renewAt;

    /// <param name="authority">Who issues it; stays the caller's.</param>
    /// <param name="names">Further DNS names and addresses than the host's own.</param>
    /// <param name="listen">Where clients come in; if that is everywhere, the host's addresses are those of now.</param>
    /// <param name="time">The clock.</param>
    public ListenerCertificate(CertificateAuthority authority, IReadOnlyList<string> names, IPAddress listen, TimeProvider time)
    {
        (_authority, _time) = (authority, time);
        ILookup<bool, string> further = names.ToLookup(name => IPAddress.TryParse(name, out _));
        _names = [.. further[false].Append(Environment.MachineName).Append("localhost").Distinct(StringComparer.OrdinalIgnoreCase)];
        bool isAnywhere = listen.Equals(IPAddress.IPv6Any) || listen.Equals(IPAddress.Any);
        _addresses = [.. (isAnywhere ? AddressesOfHost() : [listen]).Append(IPAddress.IPv6Loopback).Append(IPAddress.Loopback)
            .Concat(further[true].Select(IPAddress.Parse)).Distinct()];
        _authorityCertificate = X509CertificateLoader.LoadCertificate(authority.Certificate.Der.Span);
        _current = Issue();
    }

    /// <summary>The newest one, with the authority's, so that clients can compare fingerprints.</summary>
    public SslStreamCertificateContext Current => _current;

    /// <summary>Renews it if it is time.</summary>
    public void RenewIfDue()
    {
        if (_time.GetUtcNow() >= _renewAt)
            _current = Issue();
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _issued)
            certificate.Dispose();
        _authorityCertificate.Dispose();
        _key.Dispose();
    }

    private static IEnumerable<IPAddress> AddressesOfHost() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(found => found.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => !address.IsIPv6LinkLocal);

    private SslStreamCertificateContext Issue()
    {
        const string Name = "pdm6-registrar";
        DateTimeOffset now = _time.GetUtcNow(), from = now - _backdated, until = now + _lifetime;
        if (from < _authority.Certificate.NotBefore)
            from = _authority.Certificate.NotBefore;
        if (until > _authority.Certificate.NotAfter)
            until = _authority.Certificate.NotAfter;
        if (!ParticipantRequest.TryParse(_key.CreateRequest(Name), out ParticipantRequest? request, out string? error))
            throw new InvalidOperationException(error);
        X509Certificate2 certificate = _key.ForTls(_authority.IssueServer(request, Name, _names, _addresses, from, until));
        _issued.Add(certificate);
        _renewAt = now + (until - now) * 2 / 3;
        return SslStreamCertificateContext.Create(certificate, [_authorityCertificate], offline: true);
    }
}
