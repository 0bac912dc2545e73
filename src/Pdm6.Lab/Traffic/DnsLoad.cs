using System.Globalization;
using System.Text.RegularExpressions;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>DNS by dnsperf in lockstep: many queries over one socket, each sent when the one before was answered.</summary>
/// <param name="laboratory">Where the program runs.</param>
/// <param name="from">The host that asks.</param>
/// <param name="server">The server asked.</param>
/// <param name="perSecond">Queries a second, at most.</param>
/// <param name="workDirectory">Where to write the list of names.</param>
public sealed partial class DnsLoad(
    Laboratory laboratory, NetworkNamespace from, Ipv6Address server, int perSecond, string workDirectory) : ITraffic
{
    private const int Names = 1000;
    // Without a limit dnsperf goes through its list once and ends.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string Name => "dnsperf";

    /// <inheritdoc/>
    public async Task<TrafficReport> RunAsync(CancellationToken stopAsking)
    {
        string list = Path.Combine(workDirectory, "names.txt");
        await File.WriteAllLinesAsync(
            list, Enumerable.Range(1, Names).Select(n => $"n{n}.{NameServer.Domain} AAAA"), CancellationToken.None).ConfigureAwait(false);
        LabProcess dnsperf = laboratory.Start(Name, from, CommandLine.Of(
            "dnsperf", "-s", server.ToString(), "-d", list, "-q", "1", "-c", "1", "-T", "1", "-t", "1",
            "-l", $"{Longest.TotalSeconds:0}", "-Q", $"{perSecond}"));
        await using (dnsperf.ConfigureAwait(false))
        {
            using CancellationTokenRegistration registration = stopAsking.Register(dnsperf.Interrupt);
            int code = await dnsperf.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            return code == 0 && stopAsking.IsCancellationRequested
                ? Read(dnsperf.LastLines)
                : throw dnsperf.Failure($"ended with {code}");
        }
    }

    private TrafficReport Read(IReadOnlyList<string> lines)
    {
        TrafficTally tally = new(Name);
        string text = string.Join('\n', lines);
        long wrong = 0;
        foreach (Match code in ResponseCode().Matches(text))
        {
            if (code.Groups[1].Value != "NOERROR")
                wrong += long.Parse(code.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        }
        // A query that is under way when dnsperf is stopped is neither completed nor lost.
        tally.Add(Number(Completed(), text) + Number(Lost(), text), unanswered: Number(Lost(), text), errors: wrong,
            remark: wrong > 0 ? lines.First(line => line.Contains("Response codes", StringComparison.Ordinal)) : null);
        return tally.Report();
    }

    private static long Number(Regex regex, string text) =>
        regex.Match(text) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Queries completed:\s+(\d+)")]
    private static partial Regex Completed();

    [GeneratedRegex(@"Queries lost:\s+(\d+)")]
    private static partial Regex Lost();

    // "Response codes:       NOERROR 100 (100.00%), REFUSED 3 (3.00%)"
    [GeneratedRegex(@"\b([A-Z]+) (\d+) \(")]
    private static partial Regex ResponseCode();
}
