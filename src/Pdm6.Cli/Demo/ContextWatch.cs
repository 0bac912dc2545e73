using Pdm6.Agent;
using Pdm6.Agent.Status;
using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Cli.Demo;

/// <summary>Follows which contexts the agents use, by asking their status sockets.</summary>
/// <param name="sockets">Path of each host's socket.</param>
internal sealed class ContextWatch(IReadOnlyDictionary<string, string> sockets)
{
    private const int ShownDigits = 8;
    // Longer than a lookup, a check of the address and a grant take, and a status is a second old.
    private static readonly TimeSpan s_keyPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, List<ContextId>> _contexts = sockets.Keys.ToDictionary(host => host, _ => new List<ContextId>());

    /// <summary>The contexts of each host, in the order of their use.</summary>
    internal IReadOnlyDictionary<string, List<ContextId>> Contexts => _contexts;

    /// <summary>Packets that agents had left alone for want of a key when measuring began.</summary>
    internal long WithoutKeyBefore { get; private set; }

    /// <summary>True once every agent has a key to seal with, and one to authenticate with. Gives them a few seconds.</summary>
    internal async Task<bool> HaveKeysAsync(CancellationToken stop)
    {
        for (DateTime giveUp = DateTime.UtcNow + s_keyPatience; DateTime.UtcNow < giveUp;)
        {
            AgentStatus[] statuses = await Task.WhenAll(sockets.Values.Select(socket => AgentStatus.AskAsync(socket, stop))).ConfigureAwait(false);
            if (statuses.All(status => status is { PairsWithKey: > 0, ReceivingKeys: > 0 }))
                return true;
            await Task.Delay(s_interval, stop).ConfigureAwait(false);
        }
        return false;
    }

    /// <summary>Looks at all agents, once, after they have counted what was until now.</summary>
    internal async Task BeginAsync(CancellationToken stop)
    {
        ulong now = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        foreach ((string host, string socket) in sockets)
        {
            AgentStatus status = await AgentStatus.AskAsync(socket, stop).ConfigureAwait(false);
            while (status.Counters.AtUnixNs < now)
            {
                await Task.Delay(s_interval, stop).ConfigureAwait(false);
                status = await AgentStatus.AskAsync(socket, stop).ConfigureAwait(false);
            }
            _contexts[host].Add(status.ContextId);
            WithoutKeyBefore += status.Counters.Rules.Sum(rule => rule.LeftAlone.GetValueOrDefault(PacketOutcome.NoKey.ToName()));
        }
    }

    /// <summary>Follows until told to stop.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach ((string host, string socket) in sockets)
                try
                {
                    ContextId context = (await AgentStatus.AskAsync(socket, stop).ConfigureAwait(false)).ContextId;
                    if (!_contexts[host].Contains(context))
                        _contexts[host].Add(context);
                }
                catch (Exception error) when (error is AgentException or OperationCanceledException)
                {
                    // A busy agent is asked again; one that has ended is seen by who watches programs.
                }
            await Task.Delay(s_interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A line for each host.</summary>
    internal IEnumerable<string> Lines() => _contexts.Select(host =>
        $"contexts of the {host.Key}: {string.Join(", then ", host.Value.Select(context => context.ToString()[..ShownDigits]))}");
}
