using Pdm6.Security.Files;

namespace Pdm6.Security.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-atomic-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Target => Path.Combine(_directory.FullName, "target");

    private int FileCount => Directory.GetFiles(Path.GetDirectoryName(Target)!).Length;

    private void Write(bool overwrite, byte content)
    {
        using AtomicFile file = new(Target, overwrite);
        file.Stream.Write([content]);
        Assert.False(File.Exists(Target) && File.ReadAllBytes(Target) is [var there] && there == content);
        file.Commit();
    }

    [Fact]
    public void Commit_NewFile_IsThereForItsOwnerOnly()
    {
        Write(overwrite: false, 1);
        Assert.Equal([1], File.ReadAllBytes(Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        Assert.Equal(1, FileCount);
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesNothing()
    {
        using (AtomicFile file = new(Target, overwrite: false))
            file.Stream.Write([1]);
        Assert.Equal(0, FileCount);
    }

    [Fact]
    public void Open_FileThatIsThere_IsRefusedUnlessItMayBeReplaced()
    {
        Write(overwrite: false, 1);
        IOException refused = Assert.Throws<IOException>(() => new AtomicFile(Target, overwrite: false));
        Assert.Contains("--force", refused.Message, StringComparison.Ordinal);
        Write(overwrite: true, 2);
        Assert.Equal([2], File.ReadAllBytes(Target));
        Assert.Equal(1, FileCount);
    }

    [Fact]
    public void Commit_FileThatCameMeanwhile_IsNotReplaced()
    {
        using AtomicFile file = new(Target, overwrite: false);
        File.WriteAllBytes(Target, [9]);
        Assert.Throws<IOException>(file.Commit);
        Assert.Equal([9], File.ReadAllBytes(Target));
    }
}
