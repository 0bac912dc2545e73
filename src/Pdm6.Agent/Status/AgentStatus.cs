using System.Text.Json;
using Pdm6.Agent.Paths;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Agent.Status;

/// <summary>What an agent says of itself, once a second.</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="AtUnixNs">When this was true.</param>
/// <param name="Interfaces">Interfaces that it measures on.</param>
/// <param name="Addresses">Addresses that it measures from.</param>
/// <param name="IncarnationId">Its incarnation.</param>
/// <param name="ContextId">The context in use.</param>
/// <param name="Epoch">The 12-bit epoch in use.</param>
/// <param name="EpochIndex">Its place in the context's timetable.</param>
/// <param name="PairsWithKey">Directed pairs that can be sealed now.</param>
/// <param name="ReceivingKeys">Keys by which others' options can be authenticated.</param>
/// <param name="FlowsInUse">Flows in the table when an epoch last began.</param>
/// <param name="FlowTableSize">Flows that fit.</param>
/// <param name="Observations">Observations made so far.</param>
/// <param name="ObservationsSent">Observations that the collector has taken.</param>
/// <param name="ObservationsWaiting">Observations that wait for the collector.</param>
/// <param name="CollectorTrouble">Why the collector takes nothing; empty if it does.</param>
/// <param name="RegistrarTrouble">Why the registrar takes nothing; empty if it does, or there is none.</param>
/// <param name="Counters">The report as the collector gets it.</param>
/// <param name="Paths">What paths to destinations carry.</param>
public sealed record AgentStatus(
    string Name, int ProcessId, ulong AtUnixNs, IReadOnlyList<string> Interfaces, IReadOnlyList<string> Addresses,
    IncarnationId IncarnationId, ContextId ContextId, int Epoch, long EpochIndex, int PairsWithKey, int ReceivingKeys,
    int FlowsInUse, int FlowTableSize, long Observations, long ObservationsSent, long ObservationsWaiting,
    string CollectorTrouble, string RegistrarTrouble, CounterReport Counters, PathReport Paths)
{
    /// <summary>Reloads of the policy.</summary>
    public PolicyReload PolicyReload { get; init; } = new(0, "");

    /// <summary>JSON, UTF-8, indented for people.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AgentStatusJson.Default.AgentStatus);

    /// <summary>Asks the agent behind a status socket.</summary>
    /// <param name="socketPath">Path of the socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentException">No agent answers there.</exception>
    public static async Task<AgentStatus> AskAsync(string socketPath, CancellationToken cancellationToken = default)
    {
        byte[] json = await StatusSocket.ReadAsync(socketPath, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(json, AgentStatusJson.Default.AgentStatus)
                ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new AgentException($"{socketPath} does not answer like a pdm6 agent: give the path of an agent's status socket", error);
        }
    }
}
