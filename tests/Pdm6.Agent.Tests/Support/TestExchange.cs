using Pdm6.Agent.Exchange;
using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Support;

/// <summary>Gives the secrets of others, or not; nothing else of it is used.</summary>
internal sealed class TestExchange : IKeyExchange
{
    internal bool GivesSecrets { get; set; } = true;

    public CollectorClient Collector => throw new NotSupportedException();

    public string Trouble => throw new NotSupportedException();

    public bool AnswersRequests => throw new NotSupportedException();

    public bool SealsToAllAnnounced => throw new NotSupportedException();

    public Task RunAsync(IExchangeNews news, CancellationToken stop) => throw new NotSupportedException();

    public void FillBaseSecret(IncarnationId incarnation, Span<byte> baseSecret) => throw new NotSupportedException();

    public void Advance(IReadOnlyList<SendingContext> contexts, IEnumerable<AddressPair> pairs, ulong nowUnixNs) =>
        throw new NotSupportedException();

    public bool Allows(AddressPair pair) => throw new NotSupportedException();

    public bool MaySeal(Announcement context, AddressPair pair) => throw new NotSupportedException();

    public bool IsRegistered(Ipv6Address destination) => throw new NotSupportedException();

    public bool TryGetPairSecret(Announcement context, AddressPair pair, Span<byte> pairSecret)
    {
        pairSecret.Fill(7);
        return GivesSecrets;
    }

    public void Dispose()
    {
    }
}
