using System.Security.Cryptography;

namespace Pdm6.Security.Tests;

/// <summary>A test of the platform's ML-KEM: skipped where it has none.</summary>
public sealed class MlKemFactAttribute : FactAttribute
{
    public MlKemFactAttribute()
    {
        if (!MLKem.IsSupported)
            Skip = "the platform has no ML-KEM (OpenSSL 3.5 has it)";
    }
}
