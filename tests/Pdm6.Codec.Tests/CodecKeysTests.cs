using Pdm6.Security;

namespace Pdm6.Codec.Tests;

public sealed class CodecKeysTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pdm6-{Guid.NewGuid():n}.key");

    public CodecKeysTests() => KeyFile.Create(_path);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Load_OneFileOfEachKind_ServesBoth()
    {
        const string frame = """{"carriage":"udp-frame","flags":1,"sequence":1,"timestampMicroseconds":2}""";
        Assert.True(Codec.Encode(frame, out _, CodecKeys.Load(null, _path)));
        Assert.True(Codec.Encode(frame.Replace(":1,\"seq", ":5,\"seq", StringComparison.Ordinal), out _, CodecKeys.Load(_path, null)));
        Assert.False(Codec.Encode(frame, out _, CodecKeys.Load(_path, null)));
        Assert.False(Codec.Encode(frame, out _, CodecKeys.Load(null, null)));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead)]
    public void Load_FileOpenToOthers_IsRefused(UnixFileMode mode)
    {
        File.SetUnixFileMode(_path, mode);
        Assert.Throws<KeyFileException>(() => CodecKeys.Load(_path, null));
        Assert.Throws<KeyFileException>(() => CodecKeys.Load(null, _path));
    }

    [Fact]
    public void Load_FileWithoutAKey_IsRefused()
    {
        File.WriteAllText(_path, "00");
        Assert.Throws<KeyFileException>(() => CodecKeys.Load(null, _path));
        Assert.Throws<KeyFileException>(() => CodecKeys.Load(null, _path + ".missing"));
    }
}
