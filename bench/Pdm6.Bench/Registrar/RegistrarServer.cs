using System.Globalization;
using System.Net;
using Pdm6.Lab;
using Pdm6.Registration;

namespace Pdm6.Bench;

/// <summary>A registrar in a process of its own, so that its memory can be told from that of ten thousand clients.</summary>
internal sealed class RegistrarServer : IAsyncDisposable
{
    /// <summary>The word with which this program runs the registrar instead of measurements.</summary>
    public const string Word = "registrar-server";

    private const string Ready = "listening ";
    private const int Plenty = 1_000_000;

    private readonly LabProcess _process;

    private RegistrarServer(LabProcess process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public static async Task<RegistrarServer> StartAsync(string data, string? database)
    {
        LabProcess process = LabProcess.Start(
            "registrar", CommandLine.Of(Environment.ProcessPath!, [Word, data, .. database is null ? [] : new[] { database }]));
        string line = await process.WaitForLineAsync(Ready, TimeSpan.FromSeconds(60)).ConfigureAwait(false);
        return new RegistrarServer(process, IPEndPoint.Parse(line[Ready.Length..]));
    }

    /// <summary>The registrar's process: runs until it is told to stop.</summary>
    public static async Task ServeAsync(string data, string? database)
    {
        RegistrarHost host = await RegistrarHost.StartAsync(
            new RegistrarOptions
            {
                Data = data,
                Database = database,
                Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0),
                // Ten thousand hosts behind one address are the bench, not an attack.
                Rates = new RegistrarRates
                {
                    StrangersAtOnce = Plenty, StrangersPerSecond = Plenty, ParticipantsAtOnce = Plenty, ParticipantsPerSecond = Plenty,
                },
            },
            CancellationToken.None).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            TaskCompletionSource stop = new();
            using var onStop = System.Runtime.InteropServices.PosixSignalRegistration.Create(
                System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
                {
                    signal.Cancel = true;
                    stop.TrySetResult();
                });
            Console.WriteLine(Ready + host.Address);
            await stop.Task.ConfigureAwait(false);
        }
    }

    /// <summary>A line of <c>/proc/PID/status</c>, MiB.</summary>
    public double MemoryMiB(string line)
    {
        string found = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith(line + ":", StringComparison.Ordinal));
        return double.Parse(found.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
    }
}
