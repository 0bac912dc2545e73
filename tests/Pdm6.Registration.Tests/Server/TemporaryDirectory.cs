namespace Pdm6.Registration.Tests.Server;

/// <summary>A directory of mode 0700 that is gone afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pdm6-registrar-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
