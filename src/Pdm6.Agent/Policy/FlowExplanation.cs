using System.Text.Json;
using Pdm6.Agent.Status;

namespace Pdm6.Agent.Policy;

/// <summary>What a running agent makes of a packet at this moment: its rules, its keys, and what it knows of the
/// path.</summary>
/// <param name="Policy">What the rules in use say.</param>
/// <param name="HasKey">Does the packet's address pair have a key?</param>
/// <param name="LostForms">What the path to the destination is known to lose: names of
/// <see cref="Paths.PathForm"/>.</param>
/// <param name="Carriage">What carries the measurement now; null: nothing does.</param>
/// <param name="Outcome">The end, in a sentence.</param>
public sealed record FlowExplanation(PolicyExplanation Policy, bool HasKey, IReadOnlyList<string> LostForms, string? Carriage, string Outcome)
{
    private const string Suffix = ".explain";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks the agent behind a status socket.</summary>
    /// <exception cref="AgentException">No agent answers there, or none that can.</exception>
    public static async Task<FlowExplanation> AskAsync(string statusSocket, FlowQuestion question, CancellationToken cancellationToken)
    {
        string line = JsonSerializer.Serialize(question, FlowExplanationJson.Default.FlowQuestion);
        byte[] answer = await QuestionSocket.AskAsync(statusSocket + Suffix, line, s_patience, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(answer, FlowExplanationJson.Default.FlowExplanation) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new AgentException($"{statusSocket} does not answer like a pdm6 agent: give the path of an agent's status socket", error);
        }
    }

    /// <summary>Opens the socket where an agent is asked, beside its status socket.</summary>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string statusSocket, FlowExplainer explainer) => QuestionSocket.Open(statusSocket + Suffix, (line, _) =>
    {
        try
        {
            if (JsonSerializer.Deserialize(line, FlowExplanationJson.Default.FlowQuestion) is { } question && question.TryGetFlow(out Wire.FlowKey flow))
                return Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(explainer.Explain(question, flow), FlowExplanationJson.Default.FlowExplanation));
        }
        catch (JsonException)
        {
            // Not one of our commands: it gets no answer.
        }
        return Task.FromResult<byte[]>([]);
    });
}
