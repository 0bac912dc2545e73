namespace Pdm6.EndToEnd.Tests.Nonces;

/// <summary>One key file and one configuration for all lives of an agent, in a directory that goes with the test.</summary>
internal sealed class LabFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-nonces-");

    internal LabFiles()
    {
        Security.KeyFile.Create(KeyFile);
        // Epochs as short as they can be; the collector is nowhere; the neighbour is nobody's agent.
        File.WriteAllText(Configuration, $$"""
            {
              "name": "killed",
              "interfaces": ["{{MeasuredHost.Interface}}"],
              "keyFile": "{{KeyFile}}",
              "collector": "https://[2001:db8:ffff::1]:8651",
              "rules": [{ "name": "all" }],
              "epochSeconds": 1,
              "unregisteredDestinations": true,
              "flowTableSize": 1024,
              "statusSocket": "{{StatusSocket}}"
            }
            """);
    }

    internal string KeyFile => Path.Combine(_directory.FullName, "lab.key");
    internal string Configuration => Path.Combine(_directory.FullName, "agent.json");
    internal string StatusSocket => Path.Combine(_directory.FullName, "agent.sock");

    public void Dispose() => _directory.Delete(recursive: true);
}
