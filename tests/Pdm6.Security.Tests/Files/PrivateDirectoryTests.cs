using Pdm6.Security.Files;

namespace Pdm6.Security.Tests.Files;

public sealed class PrivateDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-private-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Below(string name) => Path.Combine(_directory.FullName, name);

    [Fact]
    public void Create_WithParents_IsForItsOwnerOnly()
    {
        PrivateDirectory.Create(Below("a/b"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Below("a/b")));
    }

    [Fact]
    public void Create_OpenDirectoryThatIsThere_IsRefusedAndLeftAlone()
    {
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        Directory.CreateDirectory(Below("open"), open);
        IOException refused = Assert.Throws<IOException>(() => PrivateDirectory.Create(Below("open")));
        Assert.Contains("chmod 700", refused.Message, StringComparison.Ordinal);
        Assert.Equal(open, File.GetUnixFileMode(Below("open")));
    }

    [Fact]
    public void Lock_HeldByAnother_IsRefusedUntilItIsFree()
    {
        using (PrivateDirectory.Lock(_directory.FullName))
        {
            IOException refused = Assert.Throws<IOException>(() => PrivateDirectory.Lock(_directory.FullName));
            Assert.Contains("Another process", refused.Message, StringComparison.Ordinal);
        }
        PrivateDirectory.Lock(_directory.FullName).Dispose();
    }
}
