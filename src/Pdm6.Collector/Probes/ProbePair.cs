using Pdm6.Export;
using Pdm6.Wire;

namespace Pdm6.Collector.Probes;

/// <summary>Who asked, and who was asked at which address.</summary>
internal readonly record struct ProbePair(string Prober, string Target, Ipv6Address Address)
{
    public static ProbePair Of(ProbeRound report) => new(report.Prober, report.Target, report.Address);
}
