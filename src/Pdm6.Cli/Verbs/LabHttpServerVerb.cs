using System.CommandLine;
using System.Net;
using Pdm6.Lab;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 lab http-server</c>.</summary>
internal sealed class LabHttpServerVerb : Verb
{
    internal LabHttpServerVerb() : base(
        "http-server",
        "Serves /small, /slow (thinks for 50 ms) and /download/N over HTTP.",
        "pdm6 lab http-server --address ::1 --port 8080 --port 8081")
    {
        Option<string> address = new("--address") { Description = "Address to listen on.", DefaultValueFactory = _ => "::1" };
        Option<int[]> ports = new("--port")
        {
            Description = "A port to listen on; may be given more than once.",
            DefaultValueFactory = _ => [ThinkingServer.SmallPort, ThinkingServer.SlowPort, ThinkingServer.DownloadPort],
        };
        Add(address);
        Add(ports);
        SetAction(async (parsed, stop) =>
        {
            string text = parsed.GetRequiredValue(address);
            if (!IPAddress.TryParse(text, out IPAddress? listenOn))
                throw new WrongUseException($"'{text}' is no address. Give --address an IPv6 address of this host.");
            int[] listenAt = parsed.GetRequiredValue(ports);
            if (listenAt.Any(port => port is < 0 or > ushort.MaxValue))
                throw new WrongUseException("A port is a number from 0 to 65535.");
            await HttpServerCommand.RunAsync(listenOn, listenAt, parsed.InvocationConfiguration.Error, stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
