using Pdm6.Export;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>What an agent counted during one exchange.</summary>
/// <param name="Selected">Packets that the exchange's rule chose.</param>
/// <param name="Sealed">Of these, sealed.</param>
/// <param name="Mtu">Of these, left alone because they would grow too large.</param>
/// <param name="UdpGso">Of these, left alone as UDP super-packets.</param>
/// <param name="TinySegments">Of these, left alone as TCP super-packets of tiny segments.</param>
/// <param name="OtherReasons">Of these, left alone for any other reason.</param>
/// <param name="Fragments">Fragments, which no rule chooses.</param>
internal sealed record Counts(long Selected, long Sealed, long Mtu, long UdpGso, long TinySegments, long OtherReasons, long Fragments)
{
    internal static Counts Of(long sealedPackets, long mtu = 0, long udpGso = 0, long fragments = 0) =>
        new(sealedPackets + mtu + udpGso, sealedPackets, mtu, udpGso, 0, 0, fragments);

    internal static Counts Between(CounterReport before, CounterReport after, string rule)
    {
        Counts first = Of(before, rule), last = Of(after, rule);
        return new Counts(
            last.Selected - first.Selected, last.Sealed - first.Sealed, last.Mtu - first.Mtu, last.UdpGso - first.UdpGso,
            last.TinySegments - first.TinySegments, last.OtherReasons - first.OtherReasons, last.Fragments - first.Fragments);
    }

    private static Counts Of(CounterReport report, string rule)
    {
        RuleCounters counters = report.Rules.Single(counters => counters.Name == rule);
        long mtu = counters.LeftAlone.GetValueOrDefault("mtu"), gso = counters.LeftAlone.GetValueOrDefault("udp-gso");
        long tiny = counters.LeftAlone.GetValueOrDefault("tiny-segments");
        return new Counts(
            counters.Selected, counters.Sealed, mtu, gso, tiny, counters.LeftAlone.Values.Sum() - mtu - gso - tiny,
            report.NotSelected.GetValueOrDefault("fragment"));
    }
}
