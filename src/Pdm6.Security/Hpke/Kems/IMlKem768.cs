using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>Where ML-KEM-768 (FIPS 203) comes from: the platform, or, in tests on platforms without it, a textbook.</summary>
internal interface IMlKem768
{
    /// <param name="why">Otherwise a sentence that names what is missing.</param>
    bool IsSupported([NotNullWhen(false)] out string? why);

    /// <summary>The private key of a seed of 64 octets (d || z).</summary>
    MLKem ImportPrivateSeed(ReadOnlySpan<byte> seed);

    /// <exception cref="CryptographicException">The octets are no encapsulation key (FIPS 203, section 7.2).</exception>
    MLKem ImportEncapsulationKey(ReadOnlySpan<byte> octets);
}
