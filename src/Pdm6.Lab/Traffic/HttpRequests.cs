using System.Globalization;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>HTTP by curl: about a second of requests over one connection, then the next connection.</summary>
/// <param name="name">What to call it.</param>
/// <param name="from">The host that asks.</param>
/// <param name="server">The server asked.</param>
/// <param name="port">Its port.</param>
/// <param name="path">The path asked for.</param>
/// <param name="body">The only right answer.</param>
/// <param name="perSecond">Requests a second, at most.</param>
public sealed class HttpRequests(
    string name, NetworkNamespace from, Ipv6Address server, int port, string path, string body, int perSecond) : ITraffic
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<TrafficReport> RunAsync(CancellationToken stopAsking)
    {
        TrafficTally tally = new(name);
        string rate = perSecond.ToString(CultureInfo.InvariantCulture);
        // curl makes one request for each number in the range.
        CommandLine command = from.Inside(CommandLine.Of(
            "curl", "--silent", "--show-error", "--fail", "--max-time", "30", "--rate", $"{rate}/s",
            $"http://[{server}]:{port}{path}?[1-{rate}]"));
        while (!stopAsking.IsCancellationRequested)
        {
            ProgramResult result = await command.RunAsync().ConfigureAwait(false);
            long right = CountBodies(result.Output);
            tally.Add(perSecond, errors: perSecond - right, remark: result.Errors);
        }
        return tally.Report();
    }

    /// <summary>How many whole bodies the output is made of; a wrong octet ends the count.</summary>
    private long CountBodies(ReadOnlySpan<char> output)
    {
        long count = 0;
        for (; output.StartsWith(body, StringComparison.Ordinal); output = output[body.Length..])
            count++;
        return count;
    }
}
