using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>All of a host's network settings that an agent might touch, as text: the same before and after.</summary>
internal static class HostSettings
{
    /// <summary>One line for each setting.</summary>
    internal static IReadOnlyList<string> Of(LinkEnd link)
    {
        NetworkNamespace host = link.Namespace;
        string[] tables =
        [
            host.Run("tc", "qdisc", "show"),
            host.Run("tc", "filter", "show", "dev", link.Interface, "ingress"),
            host.Run("tc", "filter", "show", "dev", link.Interface, "egress"),
            host.Run("bpftool", "net", "show", "dev", link.Interface),
            host.Ip("-d", "link", "show", "dev", link.Interface),
            host.Ip("addr", "show", "dev", link.Interface),
            host.Ip("-6", "route", "show", "table", "all"),
            host.Ip("-6", "rule", "show"),
            host.Run("ethtool", "-k", link.Interface),
            host.Run("ss", "-Hltun"),
        ];
        return [.. tables.SelectMany(table => table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(line => $"{host.Name}: {line}")];
    }
}
