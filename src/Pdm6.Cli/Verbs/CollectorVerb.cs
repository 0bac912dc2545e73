using System.CommandLine;
using Pdm6.Collector;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 collector</c>.</summary>
internal sealed class CollectorVerb : Verb
{
    internal CollectorVerb() : base(
        "collector",
        "Receives what agents observe, opens it, and shows round trip and server delay: page, REST, Prometheus.",
        "pdm6 collector --config /etc/pdm6/collector.json")
    {
        Option<string> configuration = new("--config") { Description = "The collector's configuration (JSON).", Required = true };
        Add(configuration);
        SetAction(async (parsed, stop) =>
        {
            CollectorOptions options = CollectorOptions.Load(parsed.GetRequiredValue(configuration));
            CollectorHost host = await CollectorHost.StartAsync(options, stop).ConfigureAwait(false);
            await using (host.ConfigureAwait(false))
            {
                if (host.RegistrarAddress is { } registrar)
                    await parsed.InvocationConfiguration.Error
                        .WriteLineAsync($"pdm6 collector: hosts enroll at {registrar}").ConfigureAwait(false);
                if (host.Identity is { } identity)
                    await parsed.InvocationConfiguration.Error
                        .WriteLineAsync($"pdm6 collector: agents list it in \"analyzers\" as {identity}").ConfigureAwait(false);
                await parsed.InvocationConfiguration.Error
                    .WriteLineAsync($"pdm6 collector: agents report to {host.IngestAddress}, page at http://{host.WebAddress}/").ConfigureAwait(false);
                await Task.WhenAny(host.Completion, Stopped(stop)).ConfigureAwait(false);
                if (host.Completion.IsCompleted)
                    await host.Completion.ConfigureAwait(false);
            }
            return ExitCode.Success;
        });
        Add(new Command("config", "The collector's configuration.") { new CollectorConfigurationExampleVerb() });
    }

    private static async Task Stopped(CancellationToken stop)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
    }
}
