using System.Security.Cryptography;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>
/// A host with an agent, without a kernel: seals options as the datapath does, observes those of others, and talks to
/// the collector as agents do.
/// </summary>
internal sealed class SimulatedHost : IDisposable
{
    private const ulong EpochLengthNs = 60_000_000_000;
    private static readonly Dictionary<string, long> _nothing = [];

    private readonly byte[] _baseSecret = new byte[KeyDerivation.SecretSize];
    private readonly Dictionary<(Ipv6Address, Ipv6Address, string, long), long> _sent = [];
    private readonly LabIdentity _identity;
    private ulong _nextBatch;

    public SimulatedHost(string name, string address, KeyFile keyFile, Uri collector, uint contextAgeSeconds, string[] rules)
    {
        Name = name;
        Address = Ipv6Address.Parse(address);
        Rules = rules;
        _identity = LabIdentity.ForAgent(keyFile.Secret);
        Client = new CollectorClient(collector, _identity);
        ulong now = Now();
        Announcement = new Announcement
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = IncarnationId.NewRandom(),
            Sequence = now,
            IssuedAtUnixNs = now,
            NotAfterUnixNs = now + 3_600_000_000_000,
            AgentName = name,
            Addresses = [Address],
            Suite = Suite.Aes256Gcm,
            Timetable = new EpochTimetable(4090, now - contextAgeSeconds * 1_000_000_000UL, EpochLengthNs, 60),
            OptionType = Pdmv2OptionView.DefaultOptionType,
            ClockErrorBoundNs = 1000,
        };
        KeyDerivation.BaseSecretFromKeyFile(keyFile.Secret, Announcement.IncarnationId, _baseSecret);
    }

    public string Name { get; }
    public Ipv6Address Address { get; }
    public IReadOnlyList<string> Rules { get; }
    public Announcement Announcement { get; init; }
    public CollectorClient Client { get; }
    public List<Observation> Observed { get; } = [];
    public IncarnationId Incarnation => Announcement.IncarnationId;
    public AgentDescription Description => new(Name, Incarnation, Rules, Announcement);

    public static ulong Now() => TimeProvider.System.UnixNs();

    /// <summary>An option as the kernel program would seal it.</summary>
    public byte[] Seal(in FlowKey flow, uint psntp, in PdmMetrics metrics, ulong atUnixNs)
    {
        ushort epoch = Announcement.Timetable.EpochOf(Announcement.Timetable.IndexAt(atUnixNs));
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        Span<byte> key = stackalloc byte[32];
        Span<byte> baseNonce = stackalloc byte[Nonce.Size];
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        KeyDerivation.PairSecret(_baseSecret, flow.Source, flow.Destination, pairSecret);
        KeyDerivation.SessionKey(pairSecret, Announcement.Suite, epoch, key, baseNonce);
        Nonce.Build(baseNonce, flow, Carriage.DestinationOptionV2, epoch, psntp, nonce);
        metrics.Write(block);
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize];
        Pdmv2OptionView.WriteHeader(option, Announcement.OptionType, isProtected: true, epoch, psntp);
        using AesGcm cipher = new(key, Pdmv2OptionView.TagSize);
        cipher.Encrypt(nonce, block, option.AsSpan(8, 16), option.AsSpan(24, 16), option.AsSpan(0, 8));
        return option;
    }

    /// <summary>Counts one option as sent, as the datapath's counters do.</summary>
    public void CountSent(Ipv6Address destination, string rule, ulong atUnixNs)
    {
        (Ipv6Address, Ipv6Address, string, long) key = (Address, destination, rule, Announcement.Timetable.IndexAt(atUnixNs));
        _sent[key] = _sent.GetValueOrDefault(key) + 1;
    }

    public Task<CollectorReply> PutAsync() => Client.PutAgentAsync(Description, CancellationToken.None);

    /// <summary>Sends everything observed since the last call as one batch and gives its octets.</summary>
    public async Task<byte[]> SendObservedAsync()
    {
        byte[] batch = new byte[ObservationBatch.SizeOf(Observed.Count)];
        ObservationBatch.Write(batch, Incarnation, _nextBatch++, Observed.ToArray());
        Observed.Clear();
        CollectorReply reply = await Client.PostObservationsAsync(batch, CancellationToken.None);
        Assert.True(reply.IsAccepted, reply.Reason);
        return batch;
    }

    public CounterReport Report(params RuleCounters[] rules) => new(
        Incarnation, Now(), rules, _nothing,
        [.. _sent.Select(sent => new SentCounter(
            sent.Key.Item1, sent.Key.Item2, sent.Key.Item3, Announcement.ContextId,
            Announcement.Timetable.EpochOf(sent.Key.Item4), sent.Key.Item4, sent.Value))],
        _nothing, RingLost: 0, ExportLost: 0);

    public void Dispose()
    {
        Client.Dispose();
        _identity.Dispose();
    }
}
