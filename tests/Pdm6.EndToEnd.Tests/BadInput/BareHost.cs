using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.BadInput;

/// <summary>A host with an Ethernet interface, a tunnel, a key file, and a directory for configurations.</summary>
public sealed class BareHost : IDisposable
{
    internal const string Ethernet = "eth0", Tunnel = "tun0";
    private const byte LaboratoryNumber = 210;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-bad-");
    private readonly NetworkNamespace? _host;
    private readonly NetworkNamespace? _other;

    public BareHost()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // every test that would use it is skipped
        KeyFile.Create(PathOf("lab.key"));
        // Another user must come as far as the check that is tested.
        File.SetUnixFileMode(_directory.FullName, (UnixFileMode)0b111_101_101);
        _host = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, LaboratoryNumber, "host"));
        _other = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, LaboratoryNumber, "other"));
        VethPair link = VethPair.Create(new LinkEnd(_host, Ethernet), new LinkEnd(_other, "peer0"));
        link.First.AddAddress(Wire.Ipv6Address.Parse("2001:db8::1"), 64);
        _host.Ip("tuntap", "add", "dev", Tunnel, "mode", "tun");
    }

    internal string PathOf(string file) => Path.Combine(_directory.FullName, file);

    internal string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        return PathOf(file);
    }

    internal LabProcess Start(CommandLine command) => LabProcess.Start("pdm6", _host!.Inside(command));

    /// <summary>
    /// Runs a command that must refuse: one clear line with all <paramref name="hints"/> on standard error, exit code 2,
    /// nothing else written, nothing changed.
    /// </summary>
    internal async Task RequireRefusalAsync(CommandLine command, params string[] hints)
    {
        string before = State();
        ProgramResult result = await _host!.Inside(command).RunAsync();
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        string line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("pdm6: ", line, StringComparison.Ordinal);
        Assert.All(hints, hint => Assert.Contains(hint, line, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(before, State());
    }

    public void Dispose()
    {
        _host?.Dispose();
        _other?.Dispose();
        _directory.Delete(recursive: true);
    }

    // Interfaces and addresses, kernel programs on them, files beside the configuration.
    private string State() => string.Join('\n', (string[])
    [
        _host!.Run("ip", "-o", "addr"), _host.Run("bpftool", "net", "list"), .. Directory.EnumerateFileSystemEntries(_directory.FullName).Order(),
    ]);
}
