using Pdm6.Security.Native;

namespace Pdm6.Security.Tests;

/// <summary>A test of X25519: skipped where libcrypto has none.</summary>
public sealed class X25519FactAttribute : FactAttribute
{
    public X25519FactAttribute()
    {
        if (!X25519.IsAvailable(out string? why))
            Skip = why;
    }
}
