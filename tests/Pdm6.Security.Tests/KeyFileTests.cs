using System.Diagnostics;

namespace Pdm6.Security.Tests;

public sealed class KeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Digits = "00112233445566778899aabbccddeeff0123456789ABCDEF0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-keyfile-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public void Load_SixtyFourDigits_GivesTheSecret(string end)
    {
        using KeyFile file = KeyFile.Load(Write(Digits + end));
        Assert.Equal(Convert.FromHexString(Digits), file.Secret.ToArray());
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead)]
    [InlineData(OwnerOnly)]
    public void Load_OwnerOnlyMode_Works(UnixFileMode mode)
    {
        using KeyFile file = KeyFile.Load(Write(Digits, mode));
        Assert.Equal(32, file.Secret.Length);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.GroupExecute)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void Load_OpenToOthers_SaysChmod(UnixFileMode extra) =>
        AssertRefused(Write(Digits, OwnerOnly | extra), "chmod 600");

    [RootFact]
    public void Load_OfAnotherUser_SaysChown()
    {
        string path = Write(Digits);
        using (Process program = Process.Start("chown", ["12345", path]))
            program.WaitForExit();
        AssertRefused(path, "belongs to another user (12345): run chown 0 ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcde")]
    [InlineData("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcde\n")]
    [InlineData("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef0")]
    [InlineData("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef\n\n")]
    [InlineData("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef\r\n")]
    [InlineData("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdeg")]
    [InlineData(" 0112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef")]
    public void Load_AnythingElseInside_SaysWhatAKeyFileHolds(string content)
    {
        string message = AssertRefused(Write(content), "64 hexadecimal digits");
        Assert.DoesNotContain("00112233", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Missing_SaysSo() =>
        AssertRefused(Path.Combine(_directory.FullName, "none"), "does not exist");

    [Fact]
    public void Load_Directory_IsRefused() => AssertRefused(_directory.FullName, "not a regular file");

    [Fact]
    public void Load_Fifo_IsRefusedWithoutWaiting()
    {
        string path = Path.Combine(_directory.FullName, "fifo");
        using (Process program = Process.Start("mkfifo", ["-m", "600", path]))
            program.WaitForExit();
        Assert.True(File.Exists(path));
        AssertRefused(path, "not a regular file");
    }

    [Fact]
    public void Load_SymbolicLink_IsFollowed()
    {
        string link = Path.Combine(_directory.FullName, "link");
        File.CreateSymbolicLink(link, Write(Digits));
        using KeyFile file = KeyFile.Load(link);
        Assert.Equal(Convert.FromHexString(Digits), file.Secret.ToArray());
    }

    [Fact]
    public void Load_SymbolicLinkToNothing_SaysMissing()
    {
        string link = Path.Combine(_directory.FullName, "dangling");
        File.CreateSymbolicLink(link, Path.Combine(_directory.FullName, "none"));
        AssertRefused(link, "does not exist");
    }

    [Fact]
    public void Secret_Disposed_Throws()
    {
        KeyFile file = KeyFile.Load(Write(Digits));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Secret.Length);
    }

    [Fact]
    public void Dispose_Loaded_ZeroesTheSecret()
    {
        KeyFile file = KeyFile.Load(Write(Digits));
        ReadOnlySpan<byte> secret = file.Secret;
        Assert.True(secret.ContainsAnyExcept((byte)0));
        file.Dispose();
        Assert.False(secret.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Create_NewFile_IsRandomOwnerOnlyAndLoads()
    {
        string first = Path.Combine(_directory.FullName, "first");
        string second = Path.Combine(_directory.FullName, "second");
        KeyFile.Create(first);
        KeyFile.Create(second);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(first));
        using KeyFile one = KeyFile.Load(first);
        using KeyFile two = KeyFile.Load(second);
        Assert.NotEqual(one.Secret.ToArray(), two.Secret.ToArray());
    }

    [Fact]
    public void Create_FileExists_KeepsIt()
    {
        string path = Write(Digits);
        KeyFileException refused = Assert.Throws<KeyFileException>(() => KeyFile.Create(path));
        Assert.Contains("exists", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Digits, File.ReadAllText(path));
    }

    [Fact]
    public void Create_NoSuchDirectory_SaysCheckTheDirectory()
    {
        KeyFileException refused = Assert.Throws<KeyFileException>(
            () => KeyFile.Create(Path.Combine(_directory.FullName, "none", "key")));
        Assert.Contains("directory", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static string AssertRefused(string path, string says)
    {
        KeyFileException refused = Assert.Throws<KeyFileException>(() => KeyFile.Load(path));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private string Write(string content, UnixFileMode mode = OwnerOnly)
    {
        string path = Path.Combine(_directory.FullName, "key");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
