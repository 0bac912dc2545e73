using System.Text.Json;

namespace Pdm6.Lab;

/// <summary>
/// The program <c>pdm6 lab relay</c>: runs an <see cref="ImpairmentRelay"/> in the namespace it is started in until it is
/// told to stop. Standard error gets one line when it is ready; standard output gets the counters as one line of JSON
/// for every line read from the input, and at the end.
/// </summary>
public static class RelayCommand
{
    /// <summary>What the ready line holds.</summary>
    public const string ReadyText = "forwarding between";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs the relay until <paramref name="stop"/>.</summary>
    /// <exception cref="LaboratoryException">The configuration or an interface cannot be used.</exception>
    public static async Task RunAsync(
        string configurationPath, TextReader input, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        RelayConfiguration configuration = RelayConfiguration.Load(configurationPath);
        using ImpairmentRelay relay = ImpairmentRelay.Open(configuration);
        // A thread of its own: it gets a scheduling class and a timer slack that no other work should inherit.
        Task forwarding = Task.Factory.StartNew(
            () => relay.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await errors.WriteLineAsync(
            $"relay: {ReadyText} {configuration.ClientSide.Interface} and {configuration.ServerSide.Interface}").ConfigureAwait(false);

        Task answering = Task.Run(async () =>
        {
            while (await input.ReadLineAsync(stop).ConfigureAwait(false) is not null)
                await WriteCountersAsync(relay, output).ConfigureAwait(false);
        }, stop);
        await forwarding.ConfigureAwait(false);
        // Reading the console cannot be cancelled, so a reader that still waits is left behind.
        if (answering.IsFaulted)
            await answering.ConfigureAwait(false);
        await WriteCountersAsync(relay, output).ConfigureAwait(false);
    }

    /// <summary>Reads a line that the program wrote to its standard output.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RelayCounters ReadCounters(string line) =>
        JsonSerializer.Deserialize<RelayCounters>(line, s_json) ?? throw new JsonException("No counters.");

    private static async Task WriteCountersAsync(ImpairmentRelay relay, TextWriter output)
    {
        await output.WriteLineAsync(JsonSerializer.Serialize(relay.Counters(), s_json)).ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
