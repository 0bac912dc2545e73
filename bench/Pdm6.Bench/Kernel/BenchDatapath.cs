using System.Security.Cryptography;
using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Datapath.Native;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>
/// A loaded datapath with one rule (UDP, one port, one prefix) and one key, with which it seals what the first host
/// sends to the second, and verifies the same.
/// </summary>
internal sealed class BenchDatapath : IDisposable, IRecordSink
{
    private const string Destinations = "2001:db8::";
    private const ushort Epoch = 7;
    private const ulong Serial = 1;
    // Holds what one window makes: it is drained after each.
    private const int LargeRing = 16 << 20;

    private readonly KernelDatapath _kernel;
    private const string KernelCipherResource = "runs_kfunc.bpf.o";
    private readonly byte[] _key, _baseNonce;
    private readonly PacketCarriage _carriage;

    private BenchDatapath(
        string resource, string destinations, int ringSize = LargeRing, byte[]? key = null, byte[]? baseNonce = null,
        PacketCarriage carriage = PacketCarriage.DestoptV2)
    {
        _key = key ?? RandomNumberGenerator.GetBytes(32);
        _baseNonce = baseNonce ?? RandomNumberGenerator.GetBytes(Nonce.Size);
        _carriage = carriage;
        _kernel = KernelDatapath.Load(new DatapathOptions { FlowTableSize = 1024, RingSize = ringSize, PairsPerEpoch = 64 }, Image(resource));
        _kernel.SetPolicy(PolicyTables.Compile(
        [
            new PolicyRule([new Ipv6Prefix(Ipv6Address.Parse(destinations), 32)], [NextHeader.Udp], [new PortRange(Frames.SelectedPort, Frames.SelectedPort)])
            {
                Carriage = carriage,
            },
        ]));
        byte[] packed = Pack(_key, _baseNonce);
        SendingEpoch epoch = _kernel.PrepareEpoch(Serial, Epoch, ulong.MaxValue);
        epoch.TryAdd(Frames.Pair, packed);
        _kernel.Publish(epoch);
        _kernel.SetReceivingKey(new ReceivingKeyId(Frames.Pair, Epoch, 0), new ReceivingKeyPeriod(1, 1, 0, ulong.MaxValue), packed);
    }

    /// <summary>The programs as users run them.</summary>
    public static BenchDatapath Sealing() => new("runs.bpf.o", Destinations);

    /// <summary>The same with a rule for other destinations than the second host's.</summary>
    public static BenchDatapath Unselecting() => new("runs.bpf.o", "2001:db9::");

    /// <summary>The same programs without AES-GCM.</summary>
    public static BenchDatapath Clear() => new("runs_clear.bpf.o", Destinations);

    /// <summary>The same with the option behind the datagram: as users run it, or without AES-GCM.</summary>
    public static BenchDatapath BehindDatagrams(bool isSealed) =>
        new(isSealed ? "runs.bpf.o" : "runs_clear.bpf.o", Destinations, carriage: PacketCarriage.UdpOption);

    /// <summary>The same with a ring of the size that agents use.</summary>
    public static BenchDatapath ClearWithUsualRing() => new("runs_clear.bpf.o", Destinations, new DatapathOptions().RingSize);

    /// <summary>
    /// The same with the kernel's own cipher, which makes what ours would: its options open with the same key. Null: it was
    /// not built, for want of a compiler.
    /// </summary>
    public static BenchDatapath? KernelCipher()
    {
        if (!typeof(BenchDatapath).Assembly.GetManifestResourceNames().Contains(KernelCipherResource))
            return null;
        BenchDatapath datapath = new(KernelCipherResource, Destinations);
        int error = datapath.Program("bench_set_cipher").TestRun([], repeat: 0, context: datapath._key).ReturnValue;
        BenchException.Require(error == 0, $"The kernel made no cipher: error {error}.");
        using BenchDatapath receiver = new("runs.bpf.o", Destinations, key: datapath._key, baseNonce: datapath._baseNonce);
        receiver.Program("pdm6_ingress").TestRun(datapath.WithOption(Frames.Udp(Frames.Pair, Frames.SelectedPort)));
        BenchException.Require(receiver.Counters.OfVerdict(ObservationVerdict.Accepted) == 1, "What the kernel's cipher sealed does not open.");
        return datapath;
    }

    public BpfProgram Program(string name) => _kernel.Program(name);

    public long Observations { get; private set; }

    public DatapathCounters Counters => _kernel.ReadCounters();

    /// <summary>Prepares the numbers of the frame's flow as an agent does, from a thread of its own, until it is
    /// disposed.</summary>
    public NumberPreparation Prepare(byte[] frame)
    {
        WithOption(frame); // the flow is born
        FlowKey flow = new(Frames.Pair.Source, Frames.Pair.Destination, NextHeader.Udp, Frames.ClientPort, Frames.SelectedPort);
        NumberPreparation preparation = new(_kernel.OpenLanes());
        preparation.Offer(
            new BusyFlow(flow, Serial, Epoch, _carriage),
            new NumberSource(_carriage == PacketCarriage.UdpOption
                ? PreparedNumbers.ForUdpOptions(_key, _baseNonce, flow, Epoch, UdpOption.DefaultExId)
                : new PreparedNumbers(_key, _baseNonce, flow, Epoch, Pdmv2OptionView.DefaultOptionType)));
        return preparation;
    }

    /// <summary>The frame as egress leaves it.</summary>
    public byte[] WithOption(byte[] frame)
    {
        byte[] output = new byte[frame.Length + 64];
        BpfTestRun run = Program("pdm6_egress").TestRun(frame, output);
        BenchException.Require(run.OutputLength > frame.Length, "Egress left the packet alone.");
        return output[..run.OutputLength];
    }

    /// <summary>Takes what is in the ring; returns how many records.</summary>
    public int Take() => _kernel.DrainRecords(this, 0);

    /// <summary>Waits for records as an agent does.</summary>
    public void Wait() => _kernel.WaitForRecords(TimeSpan.FromMilliseconds(20));

    /// <summary>Empties the ring; no record may have been lost.</summary>
    public void Drain()
    {
        Take();
        BenchException.Require(Counters.RingLost == 0, "The ring ran over, and a lost record costs less than a kept one.");
    }

    void IRecordSink.Observed(in Observation observation) => Observations++;

    void IRecordSink.UnknownPair(in AddressPair pair) => throw new BenchException($"There is no key for {pair}.");

    void IRecordSink.Busy(in BusyFlow flow) => throw new BenchException("Nobody asked for busy flows.");

    public void Dispose() => _kernel.Dispose();

    private static byte[] Pack(byte[] key, byte[] baseNonce)
    {
        uint[] schedule = new uint[AesKeySchedule.WordCount(key.Length)];
        AesKeySchedule.Expand(key, schedule);
        byte[] hashKey = new byte[GhashKey.ElementSize];
        GhashKey.Powers(key, hashKey);
        byte[] packed = new byte[KernelDatapath.PackedKeySize];
        KernelKey.Pack(schedule, hashKey, baseNonce, packed);
        return packed;
    }

    private static byte[] Image(string resource)
    {
        using Stream stream = typeof(BenchDatapath).Assembly.GetManifestResourceStream(resource)!;
        byte[] image = new byte[stream.Length];
        stream.ReadExactly(image);
        return image;
    }
}
