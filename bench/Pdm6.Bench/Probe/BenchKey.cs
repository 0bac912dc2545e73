using Pdm6.Security;

namespace Pdm6.Bench;

/// <summary>A fresh key in a file that goes with it.</summary>
internal sealed class BenchKey : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-bench-");

    public BenchKey()
    {
        KeyFile.Create(Path);
        Key = KeyFile.Load(Path);
    }

    public KeyFile Key { get; }

    public string Path => PathOf("key");

    public string PathOf(string file) => System.IO.Path.Combine(_directory.FullName, file);

    public void Dispose()
    {
        Key.Dispose();
        _directory.Delete(recursive: true);
    }
}
