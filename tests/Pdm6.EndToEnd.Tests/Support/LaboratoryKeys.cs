using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests;

/// <summary>How keys get from host to host in a laboratory: settings of the configurations.</summary>
internal interface ILaboratoryKeys
{
    /// <summary>For the collector.</summary>
    IEnumerable<KeyValuePair<string, object>> CollectorSettings { get; }

    /// <summary>For an agent.</summary>
    IEnumerable<KeyValuePair<string, object>> AgentSettings(string name);
}

/// <summary>One file for all.</summary>
internal sealed class SharedKeyFile : ILaboratoryKeys
{
    private readonly string _path;

    internal SharedKeyFile(string path)
    {
        _path = path;
        KeyFile.Create(path);
    }

    public IEnumerable<KeyValuePair<string, object>> CollectorSettings => [new("keyFile", _path)];

    public IEnumerable<KeyValuePair<string, object>> AgentSettings(string name) => [new("keyFile", _path)];
}
