namespace Pdm6.EndToEnd.Tests.Clear;

/// <summary>Agents that let options in clear count. Where the server's is a stranger, the collector knows nothing of it: it
/// stands for a host that sends options and has no context, such as one with RFC 8250.</summary>
internal sealed class ClearKeys(MeasuredLaboratory laboratory, bool isServerAStranger) : ILaboratoryKeys
{
    private readonly SharedKeyFile _shared = new(laboratory.PathOf("lab.key")), _strangers = new(laboratory.PathOf("stranger.key"));

    public IEnumerable<KeyValuePair<string, object>> CollectorSettings => _shared.CollectorSettings;

    public IEnumerable<KeyValuePair<string, object>> AgentSettings(string name) =>
    [
        .. (isServerAStranger && name == "server" ? _strangers : _shared).AgentSettings(name),
        new("acceptClearOptions", true), new("unregisteredDestinations", true),
    ];
}
