using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Security.Identity;

/// <summary>Subjects of certificates: a common name and nothing else.</summary>
internal static class DistinguishedName
{
    public static X500DistinguishedName Of(string commonName)
    {
        X500DistinguishedNameBuilder builder = new();
        builder.AddCommonName(commonName);
        return builder.Build();
    }
}
