using Pdm6.Security;

namespace Pdm6.Capture.Tests.Support;

/// <summary>A directory for the files of a test.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-capture-tests-").FullName;

    public string Path(string name) => System.IO.Path.Combine(_directory, name);

    /// <summary>A key file with these octets.</summary>
    public KeyFile Key(byte[] secret)
    {
        string path = Path($"{Guid.NewGuid():n}.key");
        File.WriteAllText(path, Convert.ToHexStringLower(secret));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return KeyFile.Load(path);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
