using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Pdm6.Collector.Api;
using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Storage;

/// <summary>
/// Stores one change after the other in the background and publishes the results that go with it: what people see is
/// what is stored. While the disk refuses, it tries again, its caller waits, and the agents keep what they have.
/// </summary>
internal sealed class StoreWriter(Store store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, GroupNumbers> _totals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, GroupView> _views = new(StringComparer.Ordinal);
    private Task _last = Task.CompletedTask;
    private volatile RunSnapshot _published = RunSnapshot.Empty;
    private volatile string? _trouble;

    /// <summary>The results as last stored.</summary>
    public RunSnapshot Published => _published;

    /// <summary>Why nothing is being stored at the moment; null if all is well.</summary>
    public string? Trouble => _trouble;

    /// <summary>Begins with what was stored before.</summary>
    public void Restore(StoredRun run)
    {
        foreach ((string group, GroupNumbers numbers) in run.Totals)
        {
            _totals[group] = numbers;
            _views[group] = GroupView.Of(group, numbers);
        }
        _published = RunSnapshot.Empty with { Groups = [.. _views.Values], Counters = run.Counters.Copy(), Agents = run.Agents };
    }

    /// <summary>
    /// Hands over a change. Completes when the change before is stored, so at most one is under way;
    /// <see cref="DrainAsync"/> waits for this one.
    /// </summary>
    public async Task SubmitAsync(StoreChange change, RunSnapshot results, CancellationToken giveUp)
    {
        await _last.ConfigureAwait(false);
        _last = Task.Run(() => WriteAsync(change, results, giveUp), CancellationToken.None);
    }

    /// <summary>Removes what is old enough, after the changes handed over so far.</summary>
    public async Task ExpireAsync(ulong nowUnixNs, CancellationToken giveUp)
    {
        await _last.ConfigureAwait(false);
        _last = Task.Run(() => UntilStoredAsync(() => store.Expire(nowUnixNs), giveUp), CancellationToken.None);
    }

    /// <summary>Waits until everything handed over is stored and published.</summary>
    public Task DrainAsync() => _last;

    private async Task WriteAsync(StoreChange change, RunSnapshot results, CancellationToken giveUp)
    {
        await UntilStoredAsync(() => store.Commit(change), giveUp).ConfigureAwait(false);
        foreach (string group in change.Windows.Select(window => window.Group).Distinct(StringComparer.Ordinal))
        {
            if (!_totals.TryGetValue(group, out GroupNumbers? total))
                _totals[group] = total = new GroupNumbers();
            foreach (GroupWindow window in change.Windows)
                if (window.Group == group)
                    total.Add(window.Numbers);
            _views[group] = GroupView.Of(group, total);
        }
        _published = results with { Groups = [.. _views.Values] };
    }

    private async Task UntilStoredAsync(Action work, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                work();
                _trouble = null;
                return;
            }
            catch (SqliteException error)
            {
                if (_trouble != error.Message)
                    logger.LogError("The store cannot be written ({Reason}); trying again every second.", error.Message);
                _trouble = error.Message;
            }
            await Task.Delay(_pause, time, giveUp).ConfigureAwait(false);
        }
    }
}
