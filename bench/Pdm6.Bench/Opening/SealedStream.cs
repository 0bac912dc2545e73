using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>
/// Observations of sealed options in the order in which they come in, each under a key drawn at random; and the same
/// for those who open with key and nonce in hand.
/// </summary>
internal sealed class SealedStream
{
    public const int Count = 1 << 18;

    private const int MostHosts = 100;
    private const ushort ServerPort = 443, ClientPort = 40000;

    private readonly SealingHost[] _hosts;

    /// <param name="keys">Address pairs, each with a key.</param>
    public SealedStream(int keys)
    {
        ulong now = UnixClock.NowNs;
        _hosts = [.. Enumerable.Range(0, Math.Min(keys, MostHosts)).Select(host => new SealingHost($"host{host}", Address(1, host), now))];
        Keys = [.. Enumerable.Range(0, keys).Select(key => HostOf(key).KeyFor(Address(2, key)).Key)];
        Random random = new(1);
        for (int i = 0; i < Count; i++)
        {
            int key = KeyOf[i] = random.Next(keys);
            uint psntp = (uint)i;
            FlowKey flow = new(HostOf(key).Address, Address(2, key), NextHeader.Udp, ServerPort, ClientPort);
            Span<byte> option = Options.AsSpan(i * Pdmv2OptionView.ProtectedSize, Pdmv2OptionView.ProtectedSize);
            HostOf(key).Seal(
                flow, psntp, new PdmMetrics(psntp, psntp, PdmTime.FromNanoseconds(1000), default),
                Nonces.AsSpan(i * Nonce.Size, Nonce.Size), option);
            Observations[i] = SealingHost.Observed(flow, option, now);
        }
    }

    public byte[][] Keys { get; }
    public int[] KeyOf { get; } = new int[Count];
    public byte[] Nonces { get; } = new byte[Count * Nonce.Size];
    public byte[] Options { get; } = new byte[Count * Pdmv2OptionView.ProtectedSize];
    public Observation[] Observations { get; } = new Observation[Count];

    /// <summary>An opener that knows every sender.</summary>
    public OptionOpener Opener(OpenerLimits limits)
    {
        OptionOpener opener = new(OpenerMode.Analysis, limits);
        foreach (SealingHost host in _hosts)
            opener.Add(host.Announcement, host.BaseSecret);
        return opener;
    }

    private SealingHost HostOf(int key) => _hosts[key % _hosts.Length];

    private static Ipv6Address Address(int network, int number) => new(((UInt128)(0x20010db800000000 + (ulong)network) << 64) + (uint)number);
}
