using Pdm6.Security;

namespace Pdm6.Probe.Tests;

/// <summary>Fresh key files.</summary>
internal static class TestKey
{
    internal static KeyFile Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $"pdm6-key-{Guid.NewGuid():N}");
        KeyFile.Create(path);
        try
        {
            return KeyFile.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
