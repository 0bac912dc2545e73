using System.Security.Cryptography;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Unchanged programs: curl asks the laboratory's HTTP server for bodies of all kinds, in one connection.</summary>
internal sealed record HttpBodies(string Name) : Exchange(Name)
{
    private const long DownloadOctets = 3_000_000;
    private static readonly int[] s_ports = [ThinkingServer.SmallPort, ThinkingServer.SlowPort, ThinkingServer.DownloadPort];

    internal override object Rule => RuleFor(Name, "tcp", s_ports);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        LabProcess server = hosts.Start("the HTTP server", hosts.Server, Pdm6Program.Command(
            "lab", "http-server", "--address", LaboratoryAddresses.Server.ToString()));
        await using (server)
        {
            await server.WaitForLineAsync(HttpServerCommand.ReadyText, Patience);
            string own = $"http://[{LaboratoryAddresses.Server}]";
            string file = Path.GetTempFileName();
            string texts = hosts.Client.Run(
                "curl", "--silent", "--show-error", "--fail", "--max-time", "60",
                $"{own}:{ThinkingServer.SmallPort}/small?[1-50]", $"{own}:{ThinkingServer.SlowPort}/slow?[1-5]");
            hosts.Client.Run(
                "curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--output", file,
                $"{own}:{ThinkingServer.DownloadPort}/download/{DownloadOctets}");
            string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file)));
            File.Delete(file);
            Assert.Equal(ThinkingServer.HashOf(DownloadOctets), hash);
            return texts + hash;
        }
    }
}
