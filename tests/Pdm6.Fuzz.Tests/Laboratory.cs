using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz.Tests;

/// <summary>A directory that is gone afterwards, and runs in it.</summary>
internal sealed class Laboratory : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("pdm6-fuzz-").FullName;

    public static Corpus Corpus { get; } = new(Path.Combine(AppContext.BaseDirectory, "corpus"));

    public Fuzzer Fuzzer(FuzzTarget target, ulong seed) =>
        new(target, Corpus.Load(target.Name), seed, Path.Combine(Directory, target.Name));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
