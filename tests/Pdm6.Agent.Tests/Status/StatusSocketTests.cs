using System.Net.Sockets;
using System.Text;
using Pdm6.Agent.Status;

namespace Pdm6.Agent.Tests.Status;

public sealed class StatusSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-status-").FullName;

    private string SocketPath => Path.Combine(_directory, "run", "a.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Open_Socket_TellsTheStatusToItsOwnerOnly()
    {
        using StatusSocket socket = StatusSocket.Open(SocketPath, () => "hello"u8.ToArray());

        Assert.Equal("hello", Encoding.UTF8.GetString(await StatusSocket.ReadAsync(SocketPath, default)));
        Assert.Equal("hello", Encoding.UTF8.GetString(await StatusSocket.ReadAsync(SocketPath, default)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public void Dispose_Socket_IsGone()
    {
        StatusSocket.Open(SocketPath, () => []).Dispose();

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void Open_LiveAgent_IsRefused()
    {
        using StatusSocket first = StatusSocket.Open(SocketPath, () => []);

        AgentException refused = Assert.Throws<AgentException>(() => StatusSocket.Open(SocketPath, () => []));

        Assert.StartsWith($"An agent is already running behind {SocketPath}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SocketOfAKilledAgent_IsReplaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!);
        string bound = SocketPath + ".bound";
        using (Socket killed = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(bound));
            File.Move(bound, SocketPath); // so that closing it does not remove it, as when a process is killed
        }
        Assert.True(File.Exists(SocketPath));

        using StatusSocket socket = StatusSocket.Open(SocketPath, () => "new"u8.ToArray());

        Assert.Equal("new", Encoding.UTF8.GetString(await StatusSocket.ReadAsync(SocketPath, default)));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("")]
    public void Open_PathOfAFile_IsRefusedAndTheFileStays(string content)
    {
        string path = Path.Combine(_directory, "precious");
        File.WriteAllText(path, content);

        AgentException refused = Assert.Throws<AgentException>(() => StatusSocket.Open(path, () => []));

        Assert.Equal($"{path} is a file: give another \"statusSocket\"", refused.Message);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void Open_PathOfALinkToNothing_IsRefusedAndTheLinkStays()
    {
        string path = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(path, Path.Combine(_directory, "nothing"));

        Assert.Throws<AgentException>(() => StatusSocket.Open(path, () => []));

        Assert.NotNull(new FileInfo(path).LinkTarget);
    }

    [Fact]
    public async Task AskAsync_NobodyThere_SaysSoInOneLine()
    {
        AgentException refused = await Assert.ThrowsAsync<AgentException>(() => AgentStatus.AskAsync(SocketPath));

        Assert.Equal($"No agent answers behind {SocketPath}: is it running, and are you its user?", refused.Message);
    }
}
