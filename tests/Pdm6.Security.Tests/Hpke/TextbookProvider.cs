using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Kems;

namespace Pdm6.Security.Tests;

/// <summary>ML-KEM of the textbook instead of the platform's.</summary>
internal sealed class TextbookProvider : IMlKem768
{
    public bool IsSupported([NotNullWhen(false)] out string? why)
    {
        why = null;
        return true;
    }

    public MLKem ImportPrivateSeed(ReadOnlySpan<byte> seed) => TextbookMlKem768.FromSeed(seed);

    public MLKem ImportEncapsulationKey(ReadOnlySpan<byte> octets) => TextbookMlKem768.FromEncapsulationKey(octets);
}
