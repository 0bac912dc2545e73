using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>The platform's ML-KEM-768.</summary>
internal sealed class PlatformMlKem768 : IMlKem768
{
    public bool IsSupported([NotNullWhen(false)] out string? why)
    {
        why = MLKem.IsSupported ? null : "The platform has no ML-KEM (OpenSSL 3.5 has it).";
        return why is null;
    }

    public MLKem ImportPrivateSeed(ReadOnlySpan<byte> seed) =>
        MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed);

    public MLKem ImportEncapsulationKey(ReadOnlySpan<byte> octets) =>
        MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, octets);
}
