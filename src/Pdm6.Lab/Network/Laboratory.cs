using static Pdm6.Lab.LaboratoryAddresses;

namespace Pdm6.Lab;

/// <summary>
/// Four network namespaces joined by veth: client, router and server on the measured links, and a collector that
/// client and server reach on management links of their own. The host's own network is not touched. The router's
/// kernel does not forward; an <see cref="ImpairmentRelay"/> does.
/// </summary>
public sealed class Laboratory : IAsyncDisposable
{
    /// <summary>Name of the interface of client and server on the measured link.</summary>
    public const string MeasuredInterface = "measured0";

    private static int s_count;

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly Stack<LabProcess> _processes = new();

    private Laboratory(Func<string, NamespaceName> nameOf)
    {
        try
        {
            Client = Add(nameOf("client"));
            Router = Add(nameOf("router"));
            Server = Add(nameOf("server"));
            Collector = Add(nameOf("collector"));
            ClientLink = Join(Client, MeasuredInterface, Router, "toclient");
            ServerLink = Join(Server, MeasuredInterface, Router, "toserver");
            VethPair clientManagement = Join(Client, "manage0", Collector, "toclient");
            VethPair serverManagement = Join(Server, "manage0", Collector, "toserver");

            Address(ClientLink, LaboratoryAddresses.Client, RouterForClient);
            Address(ServerLink, LaboratoryAddresses.Server, RouterForServer);
            Address(clientManagement, ClientManagement, CollectorForClient);
            Address(serverManagement, ServerManagement, CollectorForServer);
            ClientLink.First.AddDefaultRoute(RouterForClient);
            ServerLink.First.AddDefaultRoute(RouterForServer);
        }
        catch
        {
            RemoveNamespaces();
            throw;
        }
    }

    /// <summary>Where the requests come from.</summary>
    public NetworkNamespace Client { get; }

    /// <summary>Where the relay forwards.</summary>
    public NetworkNamespace Router { get; }

    /// <summary>Where the services are.</summary>
    public NetworkNamespace Server { get; }

    /// <summary>Where agents send what they observe.</summary>
    public NetworkNamespace Collector { get; }

    /// <summary>The measured link of the client; its second end is the router's.</summary>
    public VethPair ClientLink { get; }

    /// <summary>The measured link of the server; its second end is the router's.</summary>
    public VethPair ServerLink { get; }

    /// <summary>
    /// Builds the laboratory. What was made is removed again when a step fails.
    /// </summary>
    /// <exception cref="LaboratoryException">A step failed; the message says which and why.</exception>
    public static Laboratory Create()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new MissingPrerequisiteException("The laboratory makes network namespaces, which only root may do. Run it with sudo.");
        byte number;
        do
        {
            // A process id can come round while namespaces of its earlier owner are still there.
            number = (byte)Interlocked.Increment(ref s_count);
        }
        while (NetworkNamespace.Exists(new NamespaceName(Environment.ProcessId, number, "client")));
        return Create(role => new NamespaceName(Environment.ProcessId, number, role));
    }

    internal static Laboratory Create(Func<string, NamespaceName> nameOf) => new(nameOf);

    /// <summary>Starts a program on one of the hosts; it is killed, if it still runs, when the laboratory goes.</summary>
    /// <exception cref="MissingPrerequisiteException">It is not installed.</exception>
    public LabProcess Start(
        string name, NetworkNamespace host, CommandLine command, bool withInput = false, Action<string>? onOutput = null)
    {
        LabProcess process = LabProcess.Start(name, host.Inside(command), withInput, onOutput);
        lock (_processes)
            _processes.Push(process);
        return process;
    }

    /// <summary>The configuration of a relay that forwards between client and server.</summary>
    public RelayConfiguration Relay(Impairments toServer, Impairments toClient) => new()
    {
        ClientSide = RelayPort.To(ClientLink),
        ServerSide = RelayPort.To(ServerLink),
        ToServer = toServer,
        ToClient = toClient,
    };

    /// <summary>Kills the programs, the last started first, and removes the namespaces.</summary>
    public async ValueTask DisposeAsync()
    {
        while (true)
        {
            LabProcess? process;
            lock (_processes)
            {
                if (!_processes.TryPop(out process))
                    break;
            }
            await process.DisposeAsync().ConfigureAwait(false);
        }
        RemoveNamespaces();
    }

    private NetworkNamespace Add(NamespaceName name)
    {
        NetworkNamespace created = NetworkNamespace.Create(name);
        _namespaces.Add(created);
        return created;
    }

    private static VethPair Join(NetworkNamespace host, string hostInterface, NetworkNamespace other, string otherInterface) =>
        VethPair.Create(new LinkEnd(host, hostInterface), new LinkEnd(other, otherInterface));

    private static void Address(VethPair link, Wire.Ipv6Address first, Wire.Ipv6Address second)
    {
        link.First.AddAddress(first, PrefixLength);
        link.Second.AddAddress(second, PrefixLength);
        link.First.AddNeighbour(second, link.Second.HardwareAddress);
        link.Second.AddNeighbour(first, link.First.HardwareAddress);
    }

    private void RemoveNamespaces()
    {
        List<Exception> failures = [];
        foreach (NetworkNamespace host in _namespaces)
        {
            try
            {
                host.Dispose();
            }
            catch (LaboratoryException e)
            {
                failures.Add(e); // the others must go all the same
            }
        }
        _namespaces.Clear();
        if (failures.Count > 0)
            throw new LaboratoryException($"Not everything could be removed: {failures[0].Message}", failures[0]);
    }
}
