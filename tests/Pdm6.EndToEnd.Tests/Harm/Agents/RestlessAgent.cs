using Pdm6.Agent;
using Pdm6.Agent.Status;
using Pdm6.Export;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>The agent of one host, started, given other rules while it runs, stopped or killed, and started again with other
/// settings, at random.</summary>
internal sealed class RestlessAgent
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60), s_patienceForSealing = TimeSpan.FromSeconds(10);

    private readonly Laboratory _hosts;
    private readonly NetworkNamespace _host;
    private readonly Dictionary<string, object> _place;
    private readonly string _directory, _configurations;
    private readonly Random _random;
    private readonly AgentTotals _totals;
    private readonly List<string> _failures = [];
    private Dictionary<string, object> _settings = [];
    private LabProcess? _last;

    /// <param name="name">The agent's name.</param>
    /// <param name="hosts">The laboratory.</param>
    /// <param name="host">The agent's host.</param>
    /// <param name="place">Settings that every configuration has.</param>
    /// <param name="directory">Where it may leave files; nothing else does.</param>
    /// <param name="configurations">Where to write its configuration.</param>
    /// <param name="random">Decides.</param>
    /// <param name="totals">Takes what it counted.</param>
    internal RestlessAgent(
        string name, Laboratory hosts, NetworkNamespace host, IReadOnlyDictionary<string, object> place, string directory, string configurations,
        Random random, AgentTotals totals)
    {
        (Name, _hosts, _host, _directory, _configurations, _random, _totals) = (name, hosts, host, directory, configurations, random, totals);
        Directory.CreateDirectory(Temporary);
        _place = new Dictionary<string, object>(place) { ["name"] = name, ["statusSocket"] = StatusSocket };
    }

    internal string Name { get; }

    /// <summary>How often it was stopped in the way that operators do.</summary>
    internal int Stops { get; private set; }

    /// <summary>How often it was killed while it measured.</summary>
    internal int Kills { get; private set; }

    /// <summary>How often it was killed before it had said that it measures.</summary>
    internal int EarlyKills { get; private set; }

    /// <summary>How often it took other rules while it ran.</summary>
    internal int Reloads { get; private set; }

    /// <summary>How often it refused rules that cannot be, and kept the ones that it had.</summary>
    internal int Refusals { get; private set; }

    /// <summary>What went wrong with the agent itself.</summary>
    internal IReadOnlyList<string> Failures => _failures;

    /// <summary>Files that its lives have left.</summary>
    internal IReadOnlyList<string> Files =>
        // The runtime's own, for debuggers; it takes them away unless it is killed.
        [.. Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).Where(file =>
            !Path.GetFileName(file).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)
            && !Path.GetFileName(file).StartsWith("clr-debug-pipe-", StringComparison.Ordinal))];

    private string Configuration => Path.Combine(_configurations, $"{Name}.json");

    private string StatusSocket => Path.Combine(_directory, "status.sock");

    private string Temporary => Path.Combine(_directory, "tmp");

    /// <summary>One life after the other.</summary>
    /// <param name="promise">The largest packet that every path carries at the time of asking.</param>
    /// <param name="stop">Ends it.</param>
    internal async Task RunAsync(Func<int> promise, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await LiveAsync(promise(), stop);
                await WaitAsync(0, 500, stop);
            }
        }
        catch (Exception error) when (error is LaboratoryException or AgentException)
        {
            _failures.Add(error.Message);
        }
    }

    /// <summary>Starts a last life, which measures everything and will end by itself: so it clears up after a killed one.</summary>
    internal async Task<bool> StartLastAsync()
    {
        _last = Start(AgentSettings.Everything(_place));
        return await MeasuresAsync(_last);
    }

    /// <summary>Gives the last life one carriage after the other for everything, while it seals.</summary>
    internal async Task ChangeCarriagesAsync()
    {
        foreach (Dictionary<string, object> settings in AgentSettings.EachCarriage(_settings))
        {
            await ReloadAsync(settings);
            await WaitAsync(50, 250, CancellationToken.None);
        }
    }

    /// <summary>What the last life has counted so far.</summary>
    internal async Task<CounterReport> CountersOfLastAsync() => (await new RunningAgent(_last!, StatusSocket).StatusAsync()).Counters;

    internal async Task StopLastAsync()
    {
        _totals.Add(await CountersOfLastAsync());
        await StopAsync(_last!);
    }

    private async Task LiveAsync(int promise, CancellationToken stop)
    {
        LabProcess process = Start(AgentSettings.Draw(_random, promise, _place));
        if (_random.Next(5) == 0)
        {
            await WaitAsync(0, 1500, stop);
            await process.DisposeAsync();
            EarlyKills++;
            return;
        }
        if (!await MeasuresAsync(process))
            return;
        if (_random.Next(4) != 0)
            await MeasuresAsync(process, stop);
        for (int changes = _random.Next(1, 7); changes > 0 && !stop.IsCancellationRequested; changes--)
            await ChangePolicyAsync(stop);
        _totals.Add((await new RunningAgent(process, StatusSocket).StatusAsync()).Counters);
        if (Kills <= Stops)
        {
            await process.DisposeAsync();
            Kills++;
        }
        else
        {
            await StopAsync(process);
        }
    }

    private LabProcess Start(Dictionary<string, object> settings)
    {
        _settings = settings;
        File.WriteAllBytes(Configuration, AgentSettings.Write(settings));
        CommandLine agent = Pdm6Program.Command("agent", "--config", Configuration);
        return _hosts.Start($"the {Name}'s agent", _host, CommandLine.Of("env", [$"TMPDIR={Temporary}", agent.Program, .. agent.Arguments]));
    }

    /// <summary>Other rules for the agent that runs; every fourth time first some that it must refuse.</summary>
    private async Task ChangePolicyAsync(CancellationToken stop)
    {
        if (Reloads % 4 == 3)
            await RefuseAsync();
        AgentSettings.ChangePolicy(_settings, _random);
        await ReloadAsync(_settings);
        await WaitAsync(0, 1000, stop);
    }

    private async Task ReloadAsync(Dictionary<string, object> settings)
    {
        File.WriteAllBytes(Configuration, AgentSettings.Write(settings));
        await ReloadRequest.SendAsync(StatusSocket, CancellationToken.None);
        Reloads++;
    }

    private async Task RefuseAsync()
    {
        try
        {
            await ReloadAsync(AgentSettings.Impossible(_settings));
            _failures.Add("took rules that cannot be");
        }
        catch (AgentException error) when (error.Message.StartsWith("The policy stays", StringComparison.Ordinal))
        {
            Refusals++;
        }
    }

    /// <summary>Waits until it answers; false if it has ended instead.</summary>
    private async Task<bool> MeasuresAsync(LabProcess process)
    {
        DateTime giveUp = DateTime.UtcNow + s_patience;
        while (!process.HasExited && DateTime.UtcNow < giveUp)
        {
            try
            {
                if ((await new RunningAgent(process, StatusSocket).StatusAsync()).ProcessId == process.Id)
                    return true;
            }
            catch (AgentException)
            {
                // Not listening yet; what a killed one has left answers nobody.
            }
            await Task.Delay(20);
        }
        _failures.Add(process.Failure(process.HasExited ? $"ended with {process.ExitCode}" : "does not answer").Message);
        await process.DisposeAsync();
        return false;
    }

    /// <summary>Waits until it has measured something, but not for ever: its policy may choose nothing.</summary>
    private async Task MeasuresAsync(LabProcess process, CancellationToken stop)
    {
        DateTime giveUp = DateTime.UtcNow + s_patienceForSealing;
        RunningAgent agent = new(process, StatusSocket);
        while (!stop.IsCancellationRequested && DateTime.UtcNow < giveUp
            && (await agent.StatusAsync()).Counters.Rules.All(rule => rule.Sealed + rule.SentClear == 0))
            await WaitAsync(100, 101, CancellationToken.None);
    }

    private async Task StopAsync(LabProcess process)
    {
        int code = await process.StopAsync(s_patience);
        if (code == 0)
            Stops++;
        else
            _failures.Add(process.Failure($"ended with {code} when it was stopped").Message);
    }

    private Task WaitAsync(int leastMs, int mostMs, CancellationToken stop) =>
        Task.Delay(_random.Next(leastMs, mostMs), stop).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
