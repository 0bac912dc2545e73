using Pdm6.Cli.Probing;

namespace Pdm6.Cli.Tests.Probing;

public sealed class MeshTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pdm6-mesh-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_AMeshWithThisHost_IsTheOthers()
    {
        File.WriteAllText(_path, "a 2001:db8:ffff::1\nhere\t::1 # loopback is every host's\n\nb 2001:db8:ffff:0::2\n");
        Mesh mesh = Mesh.Read(_path);

        Assert.Equal("here", mesh.Own);
        Assert.Equal([("a", "2001:db8:ffff::1"), ("b", "2001:db8:ffff::2")], mesh.Others);
    }

    [Theory]
    [InlineData("a 2001:db8:ffff::1\n", "0 hosts")]
    [InlineData("a ::1\nb ::1\n", "2 hosts")]
    [InlineData("a ::1\na 2001:db8:ffff::1\n", "two hosts 'a'")]
    [InlineData("a\n", "'a' is no host")]
    [InlineData("a host.example\n", "'a host.example' is no host")]
    public void Read_AMeshThatCannotBe_IsRefused(string text, string reason)
    {
        File.WriteAllText(_path, text);

        Assert.Contains(reason, Assert.Throws<WrongUseException>(() => Mesh.Read(_path)).Message, StringComparison.Ordinal);
    }
}
