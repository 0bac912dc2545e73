using Pdm6.Agent.Configuration;
using Pdm6.Agent.Exchange;
using Pdm6.Agent.Policy;
using Pdm6.Agent.Reporting;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent;

/// <summary>What an agent holds of its host: the keys that it was given, the loaded programs, the interfaces.</summary>
internal sealed class StartedHost : IDisposable
{
    private StartedHost(
        IKeyExchange exchange, KernelDatapath datapath, LivePolicy policy, IReadOnlyList<HostInterface> interfaces, IReadOnlyList<Ipv6Address> addresses) =>
        (Exchange, Datapath, Policy, Paths, Interfaces, Addresses) = (exchange, datapath, policy, datapath.OpenPaths(), interfaces, addresses);

    internal IKeyExchange Exchange { get; }
    internal KernelDatapath Datapath { get; }
    internal LivePolicy Policy { get; }
    internal PathTable Paths { get; }
    internal IReadOnlyList<HostInterface> Interfaces { get; }
    internal IReadOnlyList<Ipv6Address> Addresses { get; }

    /// <summary>Checks everything, then loads the programs. No packet meets them yet.</summary>
    internal static StartedHost Prepare(AgentConfiguration configuration, CollectorLink link, Action<string> log)
    {
        HostRequirements.Require();
        IReadOnlyList<HostInterface> interfaces = HostAddresses.FindInterfaces(configuration);
        IReadOnlyList<Ipv6Address> found = HostAddresses.FindAddresses(configuration);
        foreach (string refused in ProcessMemory.Protect())
            log(refused);
        IKeyExchange exchange = KeyExchange.Open(configuration, found, link, log, out IReadOnlyList<Ipv6Address> addresses);
        KernelDatapath? datapath = null;
        try
        {
            datapath = KernelDatapath.Load(new DatapathOptions
            {
                FlowTableSize = configuration.FlowTableSize,
                OptionType = configuration.OptionType,
                UdpOptionExId = configuration.UdpOptionExId,
                PathMtu = configuration.PathMtu,
                Strip = configuration.Strip,
                AcceptClearOptions = configuration.AcceptClearOptions,
                FramePorts = configuration.FramePorts,
                ReportUnknownPairs = exchange.AnswersRequests,
                ReportBusyFlows = PreparedNumbers.IsSupported,
            });
            LivePolicy policy = new(datapath);
            policy.Use(configuration, static _ => { });
            return new StartedHost(exchange, datapath, policy, interfaces, addresses);
        }
        catch
        {
            datapath?.Dispose();
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Lets packets meet the programs.</summary>
    internal void Attach(Action<string> log)
    {
        foreach (HostInterface attached in Interfaces)
            if (Datapath.Attach(attached.Index))
                log($"{attached.Name} had no clsact, which this kernel needs; it has one now. The kernel may have dropped packets "
                    + "that were sent in that moment, and may again when the agent stops. To prevent it, give the interface one "
                    + $"before it is used: tc qdisc add dev {attached.Name} clsact");
    }

    public void Dispose()
    {
        Paths.Dispose();
        Datapath.Dispose();
        Exchange.Dispose();
    }
}
