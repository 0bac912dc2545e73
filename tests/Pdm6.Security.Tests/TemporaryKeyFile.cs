namespace Pdm6.Security.Tests;

/// <summary>A fresh key file, gone when the test is over.</summary>
internal sealed class TemporaryKeyFile : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pdm6-{Guid.NewGuid():n}.key");

    public TemporaryKeyFile()
    {
        KeyFile.Create(_path);
        File = KeyFile.Load(_path);
    }

    public KeyFile File { get; }

    public void Dispose()
    {
        File.Dispose();
        System.IO.File.Delete(_path);
    }
}
