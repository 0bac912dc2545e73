using Pdm6.Lab;
using Pdm6.Security.Identity;

namespace Pdm6.EndToEnd.Tests.Registration;

/// <summary>Everybody enrolled with a registrar: the collector as an analyzer, client and server as endpoints.</summary>
internal sealed class RegisteredKeys : ILaboratoryKeys
{
    private readonly LaboratoryRegistrar _registrar;
    private readonly List<Fingerprint> _analyzers = [];

    private RegisteredKeys(LaboratoryRegistrar registrar) => _registrar = registrar;

    /// <summary>Length of agents' epochs and contexts.</summary>
    internal (int EpochSeconds, int ContextSeconds) Rotation { get; set; } = (60, 3600);

    public IEnumerable<KeyValuePair<string, object>> CollectorSettings => [new("identity", _registrar.PathOf("collector"))];

    internal static async Task<RegisteredKeys> EnrollAsync(Laboratory hosts, LaboratoryRegistrar registrar)
    {
        RegisteredKeys keys = new(registrar);
        keys._analyzers.Add(await registrar.EnrollAsync(
            "collector", Role.Analyzer, hosts.Collector, LaboratoryAddresses.CollectorForClient));
        await registrar.EnrollAsync(
            "client", Role.Endpoint, hosts.Client, LaboratoryAddresses.CollectorForClient, LaboratoryAddresses.Client);
        await registrar.EnrollAsync(
            "server", Role.Endpoint, hosts.Server, LaboratoryAddresses.CollectorForServer, LaboratoryAddresses.Server);
        return keys;
    }

    /// <summary>Agents that start from now on seal to this one too.</summary>
    internal void Pin(Fingerprint analyzer) => _analyzers.Add(analyzer);

    public IEnumerable<KeyValuePair<string, object>> AgentSettings(string name) =>
    [
        new("identity", _registrar.PathOf(name)), new("analyzers", _analyzers.Select(analyzer => analyzer.ToString()).ToArray()),
        new("epochSeconds", Rotation.EpochSeconds), new("contextSeconds", Rotation.ContextSeconds),
    ];
}
