using Pdm6.Agent.Configuration;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent;

/// <summary>What an agent holds of its host: the key file's secret, the loaded programs, the interfaces.</summary>
internal sealed class StartedHost : IDisposable
{
    private StartedHost(KeyFile keyFile, KernelDatapath datapath, IReadOnlyList<HostInterface> interfaces, IReadOnlyList<Ipv6Address> addresses) =>
        (KeyFile, Datapath, Interfaces, Addresses) = (keyFile, datapath, interfaces, addresses);

    internal KeyFile KeyFile { get; }
    internal KernelDatapath Datapath { get; }
    internal IReadOnlyList<HostInterface> Interfaces { get; }
    internal IReadOnlyList<Ipv6Address> Addresses { get; }

    /// <summary>Checks everything, then loads the programs. No packet meets them yet.</summary>
    internal static StartedHost Prepare(AgentConfiguration configuration, Action<string> log)
    {
        HostRequirements.Require();
        IReadOnlyList<HostInterface> interfaces = HostAddresses.FindInterfaces(configuration);
        IReadOnlyList<Ipv6Address> addresses = HostAddresses.FindAddresses(configuration);
        foreach (string refused in ProcessMemory.Protect())
            log(refused);
        KeyFile keyFile = KeyFile.Load(configuration.KeyFile);
        KernelDatapath? datapath = null;
        try
        {
            datapath = KernelDatapath.Load(new DatapathOptions
            {
                FlowTableSize = configuration.FlowTableSize,
                OptionType = configuration.OptionType,
                PathMtu = configuration.PathMtu,
                Strip = configuration.Strip,
                ReportUnknownPairs = configuration.UnregisteredDestinations,
                ReportBusyFlows = PreparedNumbers.IsSupported,
            });
            datapath.SetPolicy(PolicyTables.Compile([.. configuration.Rules.Select(rule => rule.Policy)]));
            return new StartedHost(keyFile, datapath, interfaces, addresses);
        }
        catch
        {
            datapath?.Dispose();
            keyFile.Dispose();
            throw;
        }
    }

    /// <summary>Lets packets meet the programs.</summary>
    internal void Attach()
    {
        foreach (HostInterface attached in Interfaces)
            Datapath.Attach(attached.Index);
    }

    public void Dispose()
    {
        Datapath.Dispose();
        KeyFile.Dispose();
    }
}
