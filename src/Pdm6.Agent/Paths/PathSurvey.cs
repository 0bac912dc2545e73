using System.Text.Json;

namespace Pdm6.Agent.Paths;

/// <summary>What arrives at a destination and comes back from it, form by form.</summary>
/// <param name="Source">The address that asked.</param>
/// <param name="Destination">The address that was asked.</param>
/// <param name="Asked">How often each form was tried in each direction.</param>
/// <param name="Forms">The forms; empty if nobody answered.</param>
/// <param name="Trouble">Why nothing could be found out, and what to do; empty if it could.</param>
public sealed record PathSurvey(string Source, string Destination, int Asked, IReadOnlyList<PathSurveyRow> Forms, string Trouble)
{
    /// <summary>JSON, UTF-8, indented for people.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PathSurveyJson.Default.PathSurvey);

    /// <summary>True if every form that pdm6 makes arrives in both directions.</summary>
    public bool IsClear => Forms.Count > 0 && Forms.Where(row => row.Carriage.Length > 0).All(row => row.Arrived > 0 && row.CameBack > 0);

    /// <summary>Has the agent behind a status socket try.</summary>
    /// <param name="statusSocket">The agent's status socket.</param>
    /// <param name="destination">An IPv6 address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentException">No agent answers there, or none that can.</exception>
    public static async Task<PathSurvey> AskAsync(string statusSocket, Wire.Ipv6Address destination, CancellationToken cancellationToken)
    {
        byte[] json = await PathSurveyService.AskAsync(statusSocket, destination, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(json, PathSurveyJson.Default.PathSurvey) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new AgentException($"{statusSocket} does not answer like a pdm6 agent: give the path of an agent's status socket", error);
        }
    }
}
