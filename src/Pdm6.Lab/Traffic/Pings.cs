using System.Globalization;
using System.Text.RegularExpressions;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>ICMPv6 echo by ping, in short series, each a flow of its own (another identifier).</summary>
/// <param name="from">The host that asks.</param>
/// <param name="to">The address asked.</param>
public sealed partial class Pings(NetworkNamespace from, Ipv6Address to) : ITraffic
{
    private const int PingsInASeries = 10;

    /// <inheritdoc/>
    public string Name => "ping";

    /// <inheritdoc/>
    public async Task<TrafficReport> RunAsync(CancellationToken stopAsking)
    {
        TrafficTally tally = new(Name);
        CommandLine command = from.Inside(CommandLine.Of(
            "ping", "-n", "-c", $"{PingsInASeries}", "-i", "0.1", "-W", "2", to.ToString()));
        while (!stopAsking.IsCancellationRequested)
            Count(await command.RunAsync().ConfigureAwait(false), tally);
        return tally.Report();
    }

    private static void Count(ProgramResult result, TrafficTally tally)
    {
        Match summary = Summary().Match(result.Output);
        if (!summary.Success)
        {
            tally.Add(PingsInASeries, errors: PingsInASeries, remark: $"ping ended with {result.ExitCode}: {result.Errors}");
            return;
        }
        long sent = Number(summary, "sent");
        // ping says so when an answer's octets are not those that it sent.
        long wrong = WrongData().Count(result.Output) + Number(summary, "errors");
        tally.Add(sent, unanswered: sent - Number(summary, "received"), errors: wrong,
            remark: wrong > 0 ? "ping got answers with wrong data or ICMPv6 errors" : null);
    }

    private static long Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? long.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"(?<sent>\d+) packets transmitted, (?<received>\d+) received(, \+\d+ duplicates)?(, \+(?<errors>\d+) errors)?")]
    private static partial Regex Summary();

    [GeneratedRegex("wrong data byte")]
    private static partial Regex WrongData();
}
