namespace Pdm6.Security.Tests;

/// <summary>A test that gives a file to another user: skipped for everybody but root.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "gives a file to another user: run as root";
    }
}
