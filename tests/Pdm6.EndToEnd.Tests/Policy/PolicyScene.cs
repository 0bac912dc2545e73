using Pdm6.EndToEnd.Tests.Nonces;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>A client with an agent, a router whose kernel forwards, and a capture of what arrives at the server.</summary>
internal sealed class PolicyScene : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-policy-");

    private PolicyScene()
    {
        Hosts = Laboratory.Create();
        Hosts.Router.WriteSetting("ipv6/conf/all/forwarding", "1");
        Arrived = Hosts.Server.Within(() => new WireCapture(Laboratory.MeasuredInterface));
    }

    internal Laboratory Hosts { get; }

    /// <summary>The protected options that came to the server.</summary>
    internal WireCapture Arrived { get; }

    internal LoneAgent Agent { get; private set; } = null!; // StartAsync

    /// <summary>Builds it; returns when the agent measures.</summary>
    internal static async Task<PolicyScene> StartAsync(params object[] rules)
    {
        PolicyScene scene = new();
        try
        {
            scene.Agent = await LoneAgent.StartAsync(scene.Hosts, scene._directory.FullName, rules);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>A file that goes with the scene.</summary>
    internal string PathOf(string file) => Path.Combine(_directory.FullName, file);

    public async ValueTask DisposeAsync()
    {
        Arrived.Dispose();
        await Hosts.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
