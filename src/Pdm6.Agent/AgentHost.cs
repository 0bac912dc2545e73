using Pdm6.Agent.Configuration;
using Pdm6.Agent.Keys;
using Pdm6.Agent.Paths;
using Pdm6.Agent.Policy;
using Pdm6.Agent.Reporting;
using Pdm6.Agent.Status;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent;

/// <summary>
/// The host daemon: keys and policy into the kernel, observations and counters out to the collector.
/// <para><see cref="Start"/> does everything that can be wrong with the configuration or the host;
/// <see cref="RunAsync"/> works until it is told to stop, then detaches and delivers what there is.</para>
/// If the process is killed instead, the kernel detaches the programs itself (tcx), or seals nothing past the epoch's
/// deadline until the next start removes them (clsact).
/// </summary>
public sealed class AgentHost : IDisposable
{
    // 30 MB of batches: a quarter of an hour at 300 packets a second.
    private const int SpooledObservations = 262_144;
    private static readonly TimeSpan s_flushPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lastReportPatience = TimeSpan.FromSeconds(2);

    private readonly StartedHost _host;
    private readonly ObservationSpool _spool = new(SpooledObservations);
    private readonly ObservationPump _pump;
    private readonly Introduction _introduction;
    private readonly ObservationExporter _observations;
    private readonly CounterExporter _counters;
    private readonly ControlLoop _control;
    private readonly CounterBook _book;
    private readonly Action<string> _log;
    private readonly PathTalk _pathTalk;
    private readonly PathWatch _paths;
    private readonly bool _watchesPaths;
    private readonly PathSurveyor _surveyor;
    private readonly FlowExplainer _explainer;
    private StatusSocket? _status, _surveys, _explanations;
    private volatile PolicyReload _reload = new(0, "");

    private AgentHost(AgentConfiguration configuration, StartedHost host, CollectorLink link, Action<string> log)
    {
        _host = host;
        IReadOnlyList<string> rules = host.Policy.Names;
        _log = log;
        CollectorClient client = host.Exchange.Collector;
        _introduction = new Introduction(configuration.Name, rules, client, link);
        _observations = new ObservationExporter(_spool, client, link, _introduction);
        SenderIdentity sender = new(
            configuration.Name, host.Addresses, configuration.OptionType, configuration.UdpOptionExId, configuration.Rotation,
            configuration.SendsFrames);
        _control = new ControlLoop(configuration, host, sender, log);
        _pump = new ObservationPump(host.Datapath, _spool, _control.Incarnation, _control.Request, _control.NoteBusy);
        _book = new CounterBook(rules, _control.Incarnation, host.Datapath.ReadCounters());
        _counters = new CounterExporter(_book, client, link, _introduction);
        PathPackets packets = new(configuration.OptionType, configuration.UdpOptionExId);
        _pathTalk = new PathTalk(_control.PathKeys, host.Addresses, packets, TimeProvider.System, log);
        _paths = new PathWatch(
            host.Paths, _pathTalk, _control.PathKeys.MayAsk,
            FormsOf(configuration), log);
        _watchesPaths = configuration.WatchPaths;
        _surveyor = new PathSurveyor(_pathTalk, host.Addresses, _control.PathKeys.MayAsk, _control.Request);
        _explainer = new FlowExplainer(
            () => host.Policy.Configuration, host.Addresses, _control.HasKey, host.Exchange.IsRegistered, host.Paths.LostOf);
        _control.Connect(new ControlOutputs(_pump, _spool, _introduction, _book, _counters, _observations, link, _paths));
    }

    /// <summary>The addresses that it measures from.</summary>
    public IReadOnlyList<Ipv6Address> Addresses => _host.Addresses;

    /// <summary>What it says of itself, at most a second old.</summary>
    public AgentStatus Status => _control.Status with { PolicyReload = _reload };

    /// <summary>Puts the rules of another configuration in use, without a gap: a packet falls under all of the old or all
    /// of the new ones. If they cannot be, the old ones stay, and <see cref="Status"/> and the log say why. Other settings
    /// than rules and their caps are not looked at: they want a restart. One call at a time.</summary>
    /// <param name="read">Reads the configuration.</param>
    public void ReloadPolicy(Func<AgentConfiguration> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        string trouble = "";
        try
        {
            AgentConfiguration configuration = read();
            _host.Policy.Use(configuration, names =>
            {
                _introduction.SetRules(names);
                _book.SetRules(names);
            });
            _paths.SetForms(FormsOf(configuration));
            if (configuration.SendsFrames)
                _control.SendFrames();
            _log("The policy was reloaded.");
        }
        catch (Exception error) when (error is AgentException or DatapathException)
        {
            trouble = error.Message;
            _log(ReloadRequest.Refused(trouble));
        }
        _reload = new PolicyReload(_reload.Attempts + 1, trouble);
    }

    /// <summary>Checks configuration and host, then loads and attaches the kernel programs. Call
    /// <see cref="RunAsync"/> next.</summary>
    /// <param name="configuration">What to do.</param>
    /// <param name="log">Takes single lines for people, from any thread.</param>
    /// <exception cref="AgentException">Something is wrong; the host is as it was.</exception>
    public static AgentHost Start(AgentConfiguration configuration, Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(log);
        try
        {
            StatusSocket.RequireFree(configuration.StatusSocket);
            AgentHost agent = Create(configuration, log);
            try
            {
                agent._status = StatusSocket.Open(configuration.StatusSocket, () => agent.Status.ToJson());
                agent._surveys = PathSurveyService.Open(configuration.StatusSocket, agent._surveyor);
                agent._explanations = FlowExplanation.Open(configuration.StatusSocket, agent._explainer);
                agent._host.Attach(log);
                return agent;
            }
            catch
            {
                agent.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is KeyFileException or DatapathException)
        {
            throw new AgentException(error.Message, error);
        }
    }

    private static async Task UntilAsync(CancellationToken stop) =>
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Works until <paramref name="stop"/>, then detaches, delivers what is left and returns.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CancellationTokenSource delivery = new();
        _pump.Start();
        Task control = _control.RunAsync(work.Token);
        Task exchange = _host.Exchange.RunAsync(_control, work.Token);
        Task counters = _counters.RunAsync(work.Token);
        Task pathTalk = _pathTalk.RunAsync(work.Token);
        Task paths = _watchesPaths ? _paths.RunAsync(work.Token) : UntilAsync(work.Token);
        Task observations = _observations.RunAsync(delivery.Token);
        Task introduction = _introduction.RunAsync(delivery.Token);
        // None of them ends by itself: the first that does was told to stop, or has failed.
        await Task.WhenAny(control, exchange, counters, pathTalk, paths, observations, introduction, _pump.Ended).ConfigureAwait(false);
        await work.CancelAsync().ConfigureAwait(false);

        // From here on no packet is sealed or observed; what was must still arrive.
        _host.Datapath.Detach();
        delivery.CancelAfter(s_flushPatience);
        await EndOf(_pump.StopAsync()).ConfigureAwait(false);
        await EndOf(control, exchange, counters, pathTalk, paths, observations).ConfigureAwait(false);
        _control.ReportFinally();
        // A time of its own: the report also says what the spool could not deliver in its time.
        using CancellationTokenSource reporting = new(s_lastReportPatience);
        Task lastReport = _counters.FlushAsync(reporting.Token);
        await EndOf(lastReport).ConfigureAwait(false);
        await delivery.CancelAsync().ConfigureAwait(false);
        await EndOf(introduction).ConfigureAwait(false);
        foreach (Task task in (Task[])[_pump.Ended, control, exchange, counters, pathTalk, paths, observations, lastReport, introduction])
            if (task.IsFaulted)
                await task.ConfigureAwait(false);
    }

    /// <summary>Unloads the kernel programs, closes connections and zeroes secrets.</summary>
    public void Dispose()
    {
        _explanations?.Dispose();
        _surveys?.Dispose();
        _status?.Dispose();
        _pathTalk.Dispose();
        _control.Dispose();
        _host.Dispose();
    }

    private static WatchedForms FormsOf(AgentConfiguration configuration) =>
        WatchedForms.Of(configuration.Rules.Select(rule => rule.Policy.Carriage), PacketCarriageNames.Made);

    private static AgentHost Create(AgentConfiguration configuration, Action<string> log)
    {
        CollectorLink link = new(log);
        StartedHost host = StartedHost.Prepare(configuration, link, log);
        try
        {
            return new AgentHost(configuration, host, link, log);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    // Waits for the end of tasks, whatever it is; RunAsync looks at failures when everything has ended.
    private static Task EndOf(params Task[] tasks) => Task.WhenAll(tasks.Select(task => task.ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
}
