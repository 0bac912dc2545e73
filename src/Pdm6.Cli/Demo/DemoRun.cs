using Pdm6.Capture;
using Pdm6.Lab;
using Spectre.Console;

namespace Pdm6.Cli.Demo;

/// <summary>One run of the demo, from building the laboratory to the last sentence.</summary>
internal static class DemoRun
{
    // A program that no longer answers has ended, or will be seen to have ended, within this time.
    private static readonly TimeSpan s_obituary = TimeSpan.FromSeconds(2);

    /// <summary>Runs the demo and returns its exit code: 0 if the run is what a run must be.</summary>
    internal static async Task<int> RunAsync(DemoOptions options, TextWriter output, CancellationToken stop)
    {
        IDemoScreen screen = Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
            ? new PlainScreen(output, PlainScreen.DefaultInterval)
            : new TerminalScreen(AnsiConsole.Console);
        using DemoFiles files = new(options.KeepDirectory, options.Seconds);
        DemoScene scene = await DemoScene.StartAsync(options, files, screen, stop).ConfigureAwait(false);
        await using (scene.ConfigureAwait(false))
        {
            screen.Say($"measuring for {options.Seconds} s; the collector's page is at {scene.Page}");
            IReadOnlyList<TrafficReport> traffic = await MeasureAsync(options, scene, files, screen, stop).ConfigureAwait(false);
            screen.Say("letting the last packets arrive, stopping the agents and counting the captures");
            DemoEnding ending = await EndAsync(scene, files, traffic, stop).ConfigureAwait(false);
            screen.ShowFinal(ending.Readings);
            foreach (string line in ending.Lines())
                screen.Say(line);
            if (options.KeepDirectory is { } kept)
            {
                files.WriteDescription();
                files.WriteAnalyzer();
                DemoSummary.Write(files.Summary, ending);
                screen.Say($"summary.json, the captures, the sealed announcements and the analyzer's key are in {kept}; to count again: /usr/bin/python3 interop/recount.py {kept}");
            }
            if (options.Hold)
            {
                screen.Say($"The page stays at {scene.Page} until Ctrl-C.");
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            return ending.IsGood ? ExitCode.Success : ExitCode.Failure;
        }
    }

    private static async Task<IReadOnlyList<TrafficReport>> MeasureAsync(
        DemoOptions options, DemoScene scene, DemoFiles files, IDemoScreen screen, CancellationToken stop)
    {
        using CancellationTokenSource asking = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CancellationTokenSource watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        TimeSpan length = TimeSpan.FromSeconds(options.Seconds);
        asking.CancelAfter(length);
        Task<TrafficReport[]> traffic = Task.WhenAll(
            DemoServices.Traffic(scene.Laboratory, files.Work).Select(kind => kind.RunAsync(asking.Token)));
        Task watch = scene.WatchAsync(watching.Token);
        Task contexts = scene.Contexts.RunAsync(watching.Token);
        Task first = Task.WhenAny(traffic, watch);
        try
        {
            await screen.ShowWhileAsync(() => ReadAsync(scene, watch, stop), DateTime.UtcNow + length, first).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (watch.IsCompleted)
                await watch.ConfigureAwait(false); // throws: a program ended that should not have
            return await traffic.ConfigureAwait(false);
        }
        finally
        {
            await asking.CancelAsync().ConfigureAwait(false);
            await watching.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await contexts.ConfigureAwait(false);
        }
    }

    /// <summary>Reads what the collector knows; if it cannot because a program has ended, says which.</summary>
    private static async Task<Readings> ReadAsync(DemoScene scene, Task watch, CancellationToken stop)
    {
        try
        {
            return await scene.Collector.ReadAsync(stop).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            if (await Task.WhenAny(watch, Task.Delay(s_obituary, stop)).ConfigureAwait(false) == watch)
                await watch.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Ends the parts in the order that makes all numbers agree: nothing is sealed that no capture sees, and nothing is
    /// read before the last observation is in.
    /// </summary>
    private static async Task<DemoEnding> EndAsync(
        DemoScene scene, DemoFiles files, IReadOnlyList<TrafficReport> traffic, CancellationToken stop)
    {
        await scene.WaitUntilQuietAsync(stop).ConfigureAwait(false);
        await scene.StopAgentsAsync().ConfigureAwait(false);
        await scene.Collector.FlushAsync(stop).ConfigureAwait(false);
        Readings readings = await scene.Collector.ReadAsync(stop).ConfigureAwait(false);
        await File.WriteAllBytesAsync(
            files.Envelopes, await scene.Collector.ReadEnvelopesAsync(stop).ConfigureAwait(false), stop).ConfigureAwait(false);
        await File.WriteAllBytesAsync(
            files.Announcements, await scene.Collector.ReadAnnouncementsAsync(stop).ConfigureAwait(false), stop).ConfigureAwait(false);
        long missed = await scene.StopCapturesAsync(stop).ConfigureAwait(false);
        RelayCounters relay = await scene.StopRelayAsync().ConfigureAwait(false);
        return new DemoEnding(readings, CountOptions(files.Capture("router")), traffic, relay, missed, scene.Contexts);
    }

    private static WireCensus CountOptions(string path)
    {
        using CaptureReader capture = CaptureReader.Open(path);
        WireCensus census = WireCensus.Take(capture);
        return capture.Problem is { } problem ? throw new LaboratoryException($"{path}: {problem}") : census;
    }
}
