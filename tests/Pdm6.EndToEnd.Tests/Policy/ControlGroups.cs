using Pdm6.Datapath;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Control groups of this test: one for a service, one below it, and one beside it.</summary>
internal sealed class ControlGroups : IDisposable
{
    private static string Mount => HostCgroup.MountPoint!;

    internal ControlGroups()
    {
        foreach (string group in (string[])[Service, BelowService, Beside])
            Directory.CreateDirectory(Mount + group);
    }

    internal string Service { get; } = $"/pdm6-test-{Environment.ProcessId}";

    internal string BelowService => $"{Service}/worker";

    internal string Beside => $"{Service}-beside";

    /// <summary>A command that runs in a group from its start.</summary>
    internal static CommandLine In(string group, CommandLine command) => CommandLine.Of(
        "sh", ["-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", Mount + group, command.Program, .. command.Arguments]);

    public void Dispose()
    {
        foreach (string group in (string[])[BelowService, Service, Beside])
            Directory.Delete(Mount + group); // its files go with it
    }
}
