using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>
/// DNS by dig, each query from a socket of its own: flows of one query and one answer, the way resolvers of applications
/// ask. A query that gets no answer within a second is asked again.
/// </summary>
/// <param name="laboratory">Where the program runs.</param>
/// <param name="from">The host that asks.</param>
/// <param name="server">The server asked.</param>
/// <param name="perSecond">Queries a second.</param>
public sealed class DnsLookups(Laboratory laboratory, NetworkNamespace from, Ipv6Address server, int perSecond) : ITraffic
{
    /// <inheritdoc/>
    public string Name => "dig";

    /// <inheritdoc/>
    public async Task<TrafficReport> RunAsync(CancellationToken stopAsking)
    {
        TrafficTally tally = new(Name);
        string answer = NameServer.Answer.ToString();
        int answered = 0;
        int asked = 0;
        // Fed by lines, dig looks up one name after the other; a process each would cost more than the query.
        LabProcess dig = laboratory.Start(Name, from, CommandLine.Of(
            "dig", $"@{server}", "+time=1", "+tries=6", "+noall", "+answer", "+comments", "-f", "-"), withInput: true, onOutput: line =>
        {
            if (line.EndsWith(answer, StringComparison.Ordinal))
                answered++;
            else if (line.Contains("no servers could be reached", StringComparison.Ordinal)
                || (line.Contains("status:", StringComparison.Ordinal) && !line.Contains("NOERROR", StringComparison.Ordinal)))
                tally.Add(0, remark: line);
        });
        await using (dig.ConfigureAwait(false))
        {
            using PeriodicTimer pace = new(TimeSpan.FromSeconds(1.0 / perSecond));
            while (!stopAsking.IsCancellationRequested && !dig.HasExited)
            {
                asked++;
                await dig.Input.WriteLineAsync($"q{asked}.{NameServer.Domain} AAAA").ConfigureAwait(false);
                await dig.Input.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                await pace.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
            }
            dig.Input.Close();
            await dig.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        tally.Add(asked, errors: asked - answered);
        return tally.Report();
    }
}
