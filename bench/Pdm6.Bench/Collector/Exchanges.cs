using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>What a collector is told of clients that ask a server and get an answer each time, in the order of time.</summary>
internal sealed class Exchanges
{
    private const int ClientCount = 200, FlowsPerClient = 5, FlowCount = ClientCount * FlowsPerClient;
    private const ulong BetweenNs = 20_000, OneWayNs = 300_000, ServerNs = 500_000;
    private const ushort ServerPort = 53, FirstPort = 40000;

    /// <param name="count">Observations, two for each exchange.</param>
    public Exchanges(int count)
    {
        ulong now = UnixClock.NowNs;
        Server = new SealingHost("server", Address(1), now);
        Clients = [.. Enumerable.Range(0, ClientCount).Select(client => new SealingHost($"client{client}", Address(2 + client), now))];
        List<Observation> observations = new(count);
        for (int exchange = 0; exchange < count / 2; exchange++)
            Add(observations, exchange % FlowCount, (uint)(exchange / FlowCount), now + (ulong)exchange * BetweenNs);
        All = [.. observations.OrderBy(observation => observation.ObservedAtNs)];
    }

    public SealingHost Server { get; }

    public SealingHost[] Clients { get; }

    public Observation[] All { get; }

    // Both sides number from 0, so an answer has the number of its question.
    private void Add(List<Observation> observations, int flow, uint number, ulong askedAtNs)
    {
        const ulong AnsweredAfterNs = 2 * OneWayNs + ServerNs, EveryNs = FlowCount * BetweenNs;
        bool isFirst = number == 0;
        SealingHost client = Clients[flow / FlowsPerClient];
        FlowKey request = new(client.Address, Server.Address, NextHeader.Udp, (ushort)(FirstPort + flow % FlowsPerClient), ServerPort);
        request.TryReverse(out FlowKey answer);
        PdmMetrics asked = isFirst ? default : new PdmMetrics(
            number - 1, 1, PdmTime.FromNanoseconds(EveryNs - AnsweredAfterNs), PdmTime.FromNanoseconds(AnsweredAfterNs));
        PdmMetrics answered = new(
            number, 1, PdmTime.FromNanoseconds(ServerNs), isFirst ? default : PdmTime.FromNanoseconds(EveryNs - ServerNs));
        observations.Add(client.Observed(request, number, asked, askedAtNs + OneWayNs) with
        {
            HasSent = !isFirst, LastSentPsntp = number - 1, SinceSentNs = EveryNs - ServerNs,
        });
        observations.Add(Server.Observed(answer, number, answered, askedAtNs + AnsweredAfterNs) with
        {
            HasSent = true, LastSentPsntp = number, SinceSentNs = AnsweredAfterNs,
        });
    }

    private static Ipv6Address Address(int number) => new(((UInt128)0x20010db800000003 << 64) + (uint)number);
}
