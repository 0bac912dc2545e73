using Pdm6.Export;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>What came of an exchange in a stage.</summary>
/// <param name="Received">Every octet that either side received, or its hash.</param>
/// <param name="Failure">Why the exchange did not come to its end; null if it did.</param>
/// <param name="Client">What the client's agent counted; null without agents.</param>
/// <param name="Server">What the server's agent counted; null without agents.</param>
/// <param name="ToServer">Options that arrived at the server, by verdict.</param>
/// <param name="ToClient">Options that arrived at the client, by verdict.</param>
internal sealed record ExchangeResult(
    string Received, string? Failure, Counts? Client = null, Counts? Server = null,
    IReadOnlyDictionary<string, long>? ToServer = null, IReadOnlyDictionary<string, long>? ToClient = null)
{
    internal static IReadOnlyDictionary<string, long> Verdicts(CounterReport before, CounterReport after) => after.Ingress
        .Select(entry => (entry.Key, Count: entry.Value - before.Ingress.GetValueOrDefault(entry.Key)))
        .Where(entry => entry.Count > 0).ToDictionary(entry => entry.Key, entry => entry.Count);
}
