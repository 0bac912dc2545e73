using Pdm6.Wire;

namespace Pdm6.Lab.Tests;

[Collection("laboratory")]
public sealed class LaboratoryTests
{
    [Fact]
    public async Task Laboratory_Disposed_LeavesNoNamespaceAndNoProcess()
    {
        Laboratory laboratory = Laboratory.Create();
        string[] names = [laboratory.Client.Name, laboratory.Router.Name, laboratory.Server.Name, laboratory.Collector.Name];
        Assert.All(names, name => Assert.True(File.Exists($"/run/netns/{name}")));
        LabProcess sleeper = laboratory.Start("sleeper", laboratory.Client, CommandLine.Of("sleep", "1000"));

        await laboratory.DisposeAsync();

        Assert.All(names, name => Assert.False(File.Exists($"/run/netns/{name}")));
        Assert.True(sleeper.HasExited);
    }

    [Fact]
    public void NetworkNamespace_DisposedWithForeignProgramInside_KillsIt()
    {
        NetworkNamespace host = NetworkNamespace.Create(Names.Unique("kills"));
        using System.Diagnostics.Process sleeper =
            System.Diagnostics.Process.Start("ip", ["netns", "exec", host.Name, "sleep", "1000"]);
        WaitFor.Condition(() => host.Ip("netns", "pids", host.Name).Contains(sleeper.Id.ToString()));

        host.Dispose();

        Assert.True(sleeper.WaitForExit(5000));
    }

    [Fact]
    public void Laboratory_FailingHalfWay_LeavesNothing()
    {
        int process = Environment.ProcessId;
        // The third namespace cannot be made because its name is taken.
        using NetworkNamespace taken = NetworkNamespace.Create(new NamespaceName(process, 251, "server"));

        LaboratoryException e = Assert.ThrowsAny<LaboratoryException>(
            () => Laboratory.Create(role => new NamespaceName(process, 251, role)));

        Assert.Contains("exists", e.Message);
        Assert.False(NetworkNamespace.Exists(new NamespaceName(process, 251, "client")));
        Assert.False(NetworkNamespace.Exists(new NamespaceName(process, 251, "router")));
        Assert.True(NetworkNamespace.Exists(new NamespaceName(process, 251, "server")));
    }

    [Fact]
    public async Task Laboratory_TwoAtOnce_DoNotMeet()
    {
        await using Laboratory first = Laboratory.Create();
        await using Laboratory second = Laboratory.Create();
        Assert.NotEqual(first.Client.Name, second.Client.Name);
    }

    [Fact]
    public void SweepStale_NamespaceOfDeadProcess_IsRemovedAndOthersStay()
    {
        using System.Diagnostics.Process ended = System.Diagnostics.Process.Start("true");
        ended.WaitForExit();
        NamespaceName stale = new(ended.Id, 1, "client");
        _ = NetworkNamespace.Create(stale);
        using NetworkNamespace alive = NetworkNamespace.Create(Names.Unique("alive"));

        IReadOnlyList<string> removed = NetworkNamespace.SweepStale();

        Assert.Contains(stale.ToString(), removed);
        Assert.DoesNotContain(alive.Name, removed);
        Assert.False(NetworkNamespace.Exists(stale));
    }

    [Fact]
    public void Run_ProgramFails_ErrorCarriesCommandCodeAndStandardError()
    {
        using NetworkNamespace host = NetworkNamespace.Create(Names.Unique("fails"));

        CommandFailedException e = Assert.Throws<CommandFailedException>(() => host.Ip("link", "set", "none0", "up"));

        Assert.Contains("none0", e.Command);
        Assert.NotEqual(0, e.ExitCode);
        Assert.Contains("none0", e.StandardError);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Run_ProgramMissing_ErrorNamesIt()
    {
        LaboratoryException e = Assert.ThrowsAny<LaboratoryException>(() => CommandLine.Of("pdm6-no-such-program").Run());
        Assert.Contains("pdm6-no-such-program", e.Message);
    }

    [Theory]
    [InlineData("pdm6-0001f403-client", 0x1f4, 3, "client")]
    [InlineData("pdm6-3fffffff-a", 0x3fffff, 255, "a")]
    public void NamespaceName_OfOurs_RoundTrips(string text, int process, byte laboratory, string role)
    {
        Assert.True(NamespaceName.TryParse(text, out NamespaceName name));
        Assert.Equal(new NamespaceName(process, laboratory, role), name);
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("pdm6-0001f403-")]
    [InlineData("pdm6-0001g403-client")]
    [InlineData("pdm7-0001f403-client")]
    [InlineData("pdm6-0001f4034client")]
    [InlineData("someone-elses")]
    public void NamespaceName_OfOthers_IsNotRead(string text) => Assert.False(NamespaceName.TryParse(text, out _));

    [Fact]
    public void Within_SocketMadeInside_StaysInside()
    {
        using NetworkNamespace host = NetworkNamespace.Create(Names.Unique("within"));
        using System.Net.Sockets.Socket listener = host.Within(() =>
        {
            System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 0));
            socket.Listen();
            return socket;
        });
        System.Net.IPEndPoint endpoint = (System.Net.IPEndPoint)listener.LocalEndPoint!;

        using System.Net.Sockets.Socket connected = host.Connect(endpoint);

        Assert.True(connected.Connected);
        using System.Net.Sockets.Socket outside = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        Assert.Throws<System.Net.Sockets.SocketException>(() => outside.Connect(endpoint));
    }

    [Fact]
    public async Task SetOffloadAndMtu_OnALink_AreSeenByTheKernel()
    {
        await using Laboratory laboratory = Laboratory.Create();
        LinkEnd end = laboratory.ClientLink.First;

        end.SetOffload(Offload.TcpSegmentation, false);
        end.SetMtu(1280);

        Assert.Contains("tcp-segmentation-offload: off", laboratory.Client.Run("ethtool", "-k", end.Interface));
        Assert.Contains("mtu 1280", laboratory.Client.Ip("link", "show", end.Interface));
        Assert.Equal(LaboratoryAddresses.Client, Ipv6Address.Parse("2001:db8:1::1"));
    }
}
