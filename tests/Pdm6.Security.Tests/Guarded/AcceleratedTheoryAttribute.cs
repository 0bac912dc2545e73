using Pdm6.Security.Native;

namespace Pdm6.Security.Tests.Guarded;

/// <summary>A theory about code that runs only where the processor has AES-NI and PCLMULQDQ.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AcceleratedTheoryAttribute : TheoryAttribute
{
    public AcceleratedTheoryAttribute()
    {
        if (!AcceleratedGcm.IsSupported)
            Skip = "this processor lacks AES-NI or PCLMULQDQ";
    }
}
