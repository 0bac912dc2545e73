using System.Globalization;
using Pdm6.Datapath;

namespace Pdm6.Agent.Paths;

/// <summary>
/// Keeps a <see cref="WatchedPath"/> for each destination in use, sends what they want sent, within a budget, and tells
/// the kernel and people what they found.
/// </summary>
/// <param name="table">Says which pairs are in use, and takes what their paths lose.</param>
/// <param name="talk">Sends.</param>
/// <param name="mayAsk">True if an agent is known to live at a pair's destination.</param>
/// <param name="forms">What the policy puts on packets.</param>
/// <param name="log">Takes lines for people.</param>
internal sealed class PathWatch(PathTable table, PathTalk talk, Func<AddressPair, bool> mayAsk, WatchedForms forms, Action<string> log)
{
    /// <summary>Packets that are sent in a second, at most, for all destinations together.</summary>
    internal const int MostProbesPerSecond = 5000;
    /// <summary>Where more destinations than this are in use, each is asked more seldom while all is well.</summary>
    internal const int MostAtFullPace = 300;

    private const ulong LookEveryNs = 100_000_000;
    private const ulong InUseForNs = 10_000_000_000;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);
    private static readonly int s_probesPerTick = MostProbesPerSecond / (int)(1000 / s_tick.TotalMilliseconds);

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressPair, WatchedPath> _paths = [];
    private WatchedForms _forms = forms;
    private HashSet<AddressPair> _inUse = [];
    private long _fallbacks, _returns;

    /// <summary>Works until told to stop.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(s_tick);
        ulong nextLookNs = 0;
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            ulong now = BootClock.NowNs;
            lock (_lock)
            {
                if (now >= nextLookNs)
                {
                    Look(now);
                    nextLookNs = now + LookEveryNs;
                }
                Work(now);
            }
        }
    }

    /// <summary>Another policy is in use. What is known of paths stays.</summary>
    internal void SetForms(WatchedForms forms)
    {
        lock (_lock)
        {
            _forms = forms;
            foreach (WatchedPath path in _paths.Values)
                path.Forms = forms;
        }
    }

    /// <summary>What there is to say.</summary>
    internal PathReport Report()
    {
        lock (_lock)
        {
            ulong now = BootClock.NowNs;
            return new PathReport(
                _inUse.Count(_paths.ContainsKey), _paths.Count(path => path.Value.Lost != 0), _fallbacks, _returns,
                [.. _paths.Where(path => path.Value.Lost != 0 || !path.Value.IsAnswered && _inUse.Contains(path.Key)).Take(PathReport.MostListed)
                    .Select(path => new PathStatus(
                        path.Key.Source.ToString(), path.Key.Destination.ToString(), path.Value.IsAnswered,
                        [.. path.Value.Lost.Each().Select(single => PathForms.Of(single).ToString())],
                        path.Value.Lost == 0 ? 0 : Seconds(path.Value.NextTrialNs > now ? path.Value.NextTrialNs - now : 0)))]);
        }
    }

    private void Look(ulong nowNs)
    {
        _inUse = table.InUseSince(nowNs > InUseForNs ? nowNs - InUseForNs : 0).Where(mayAsk).ToHashSet();
        foreach (AddressPair pair in _inUse)
            if (!_paths.ContainsKey(pair))
                _paths.Add(pair, new WatchedPath(_forms, nowNs));
        ulong quietPauseNs = WatchedPath.QuietNs * (ulong)Math.Max(MostAtFullPace, _inUse.Count) / MostAtFullPace;
        foreach (WatchedPath path in _paths.Values)
            path.QuietPauseNs = quietPauseNs;
        // Of a path that is not in use only what it loses is worth keeping, and only while the kernel keeps it.
        foreach ((AddressPair pair, WatchedPath path) in _paths.Where(entry => !_inUse.Contains(entry.Key)).ToArray())
            if (path.Lost == 0 || !table.TrySet(pair, path.Lost))
                _paths.Remove(pair);
    }

    private void Work(ulong nowNs)
    {
        int left = s_probesPerTick;
        // The most overdue first: where there is more to ask than may be sent, all destinations are asked more seldom.
        foreach (AddressPair pair in _inUse.Where(_paths.ContainsKey).Where(pair => _paths[pair].NextNs <= nowNs).OrderBy(pair => _paths[pair].NextNs))
        {
            WatchedPath path = _paths[pair];
            LostForms before = path.Lost;
            if (path.Advance(nowNs, out ProbeBurst? burst))
                foreach (PathForm form in burst!.Forms)
                {
                    talk.TryAsk(pair, form, PathForm.Plain, roundTripNs =>
                    {
                        lock (_lock)
                            path.Answer(burst, form, roundTripNs);
                    });
                    left--;
                }
            if (path.Lost != before)
                Tell(pair, path, before, nowNs);
            if (left <= 0)
                return;
        }
    }

    private void Tell(AddressPair pair, WatchedPath path, LostForms before, ulong nowNs)
    {
        table.TrySet(pair, path.Lost);
        LostForms lost = path.Lost & ~before, returned = before & ~path.Lost;
        if (returned != 0)
        {
            _returns++;
            log($"{pair.Destination}: {returned.Describe()} arrive whole again.");
        }
        if (lost != 0)
        {
            _fallbacks++;
            string instead = _forms.InUse(path.Lost) is var use and not 0 ? $"what can be is measured with {string.Join(", ", use.Each().Select(form => PathForms.Of(form).Carriage()))}" : "nothing is measured";
            log($"{pair.Destination}: {lost.Describe()} do not arrive whole, and those without do, so a router drops them or takes that off: {instead}, and they are tried "
                + $"again in {Seconds(path.NextTrialNs - nowNs).ToString(CultureInfo.InvariantCulture)} s, then more and more seldom.");
        }
    }

    private static double Seconds(ulong ns) => Math.Round(ns / 1e9, 1);
}
