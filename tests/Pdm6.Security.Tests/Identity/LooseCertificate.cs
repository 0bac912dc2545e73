using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Security.Tests.Identity;

/// <summary>A certificate of any profile, as other software may issue it; a participant's unless told otherwise.</summary>
internal sealed class LooseCertificate
{
    public string Subject { get; set; } = "CN=host-a";
    public bool IsNamePrintable { get; set; }
    public string? AlternativeName { get; set; } = "urn:pdm6:endpoint:host-a";
    public string? SecondAlternativeName { get; set; }
    public X509KeyUsageFlags? KeyUsage { get; set; } = X509KeyUsageFlags.DigitalSignature;
    public string[]? Purposes { get; set; } = ["1.3.6.1.5.5.7.3.2"];
    public bool IsAuthority { get; set; }
    public ECCurve Curve { get; set; } = ECCurve.NamedCurves.nistP256;
    public X509Extension? Further { get; set; }

    public byte[] Issue()
    {
        using ECDsa key = ECDsa.Create(Curve);
        X500DistinguishedName name = new(
            Subject, IsNamePrintable ? X500DistinguishedNameFlags.None : X500DistinguishedNameFlags.ForceUTF8Encoding);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        foreach (string uri in new[] { AlternativeName, SecondAlternativeName }.OfType<string>())
            names.AddUri(new Uri(uri));
        if (AlternativeName is not null)
            request.CertificateExtensions.Add(names.Build());
        if (KeyUsage is { } usage)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (Purposes is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. Purposes.Select(p => new Oid(p))], false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, false, 0, true));
        if (Further is not null)
            request.CertificateExtensions.Add(Further);
        using X509Certificate2 certificate = request.CreateSelfSigned(World.Now, World.Now.AddDays(1));
        return certificate.RawData;
    }
}
