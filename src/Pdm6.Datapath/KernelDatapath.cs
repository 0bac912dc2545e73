using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Attachment;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// The kernel programs and their maps: load, attach, policy and keys in, observations and counters out. One object is
/// one flow table, and so serves exactly one base secret at a time: whoever starts another context keeps the object
/// and publishes on (the serial rises); whoever starts another object starts another context.
/// <para>Thread-safe, but for <see cref="WaitForRecords"/> and <see cref="DrainRecords"/>: one thread at a time.</para>
/// </summary>
public sealed class KernelDatapath : IDisposable
{
    private readonly DatapathOptions _options;
    private readonly BpfObject _programs;
    private readonly GracePeriod _grace;
    private readonly SharedSettings _settings;
    private readonly FlowTable _flowTable;
    private readonly PolicyMaps _policy;
    private readonly CounterMaps _counters;
    private readonly RecordReader _records;
    private readonly BpfMap _epochs;
    private readonly BpfMap _frameEpochs;
    private readonly BpfMap _receivingKeys;
    private readonly BpfMap _receivingFrameKeys;
    private readonly BpfMap _unixMinusBoot;
    private readonly LiveSources _liveSources;
    private readonly Dictionary<int, InterfaceAttachment> _attachments = [];
    private readonly Lock _lock = new();
    private SendingEpoch? _current;
    private ulong _offeredSerial; // the highest that the programs may have met, whatever failed then
    private ulong _lastSerial; // the one that all runs use

    private KernelDatapath(DatapathOptions options, BpfObject programs)
    {
        _options = options;
        _programs = programs;
        _grace = new GracePeriod(programs.Map("grace"));
        _settings = new SharedSettings(programs.Map("settings"), options);
        _flowTable = new FlowTable(programs, _grace);
        _policy = new PolicyMaps(programs, _settings, _grace, options.Strip, options.FramePorts);
        _counters = new CounterMaps(programs);
        _records = new RecordReader(programs.Map("records"));
        _epochs = programs.Map("epochs");
        _frameEpochs = programs.Map("frame_epochs");
        _receivingKeys = programs.Map("receiving_keys");
        _receivingFrameKeys = programs.Map("receiving_frame_keys");
        _unixMinusBoot = programs.Map("unix_minus_boot");
        _liveSources = new LiveSources(programs.Map("live_sources"));
    }

    /// <summary>Octets of a key as KernelKey packs it.</summary>
    public static unsafe int PackedKeySize => sizeof(AbiKey);

    /// <summary>The compiled kernel programs, an ELF object.</summary>
    public static ReadOnlyMemory<byte> ProgramImage
    {
        get
        {
            using Stream resource = typeof(KernelDatapath).Assembly.GetManifestResourceStream("pdm6.bpf.o")!;
            byte[] image = new byte[resource.Length];
            resource.ReadExactly(image);
            return image;
        }
    }

    /// <summary>Loads programs and maps into the kernel; no packet meets them before <see cref="Attach"/>.</summary>
    /// <exception cref="DatapathException">The kernel is too old, capabilities are missing, or the kernel
    /// refused.</exception>
    public static KernelDatapath Load(DatapathOptions options) => Load(options, ProgramImage.Span);

    /// <summary>Loads another build of the programs: for tests that take a guard out.</summary>
    internal static KernelDatapath Load(DatapathOptions options, ReadOnlySpan<byte> programImage)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireValid();
        HostRequirements.Require();
        BpfObject programs = BpfObject.Open(programImage);
        try
        {
            programs.SetMaxEntries("flows", (uint)options.FlowTableSize);
            programs.SetMaxEntries("slots", (uint)options.FlowTableSize);
            programs.SetMaxEntries("free_slots", (uint)options.FlowTableSize);
            programs.SetMaxEntries("records", (uint)options.RingSize);
            programs.Load();
            KernelDatapath datapath = new(options, programs);
            datapath._flowTable.FillFreeSlots();
            datapath.SetUnixTime(BootClock.UnixMinusBootNs());
            return datapath;
        }
        catch
        {
            programs.Dispose();
            throw;
        }
    }

    /// <summary>Puts both programs on an interface. Filters that a killed agent left there are removed first.</summary>
    /// <returns>True if the kernel has no tcx and the interface had no clsact, so that one was added. The kernel drops what
    /// is sent during the milliseconds that this takes, and again when it is deleted; one that is there already is used
    /// and left there.</returns>
    /// <exception cref="DatapathException">No such interface, or another live agent is on it.</exception>
    public bool Attach(int interfaceIndex)
    {
        lock (_lock)
        {
            if (_attachments.ContainsKey(interfaceIndex))
                throw new InvalidOperationException($"The interface with index {interfaceIndex} is attached already.");
            InterfaceAttachment attachment = InterfaceAttachment.Attach(
                _programs.Program("pdm6_ingress"), _programs.Program("pdm6_egress"), interfaceIndex, _options.ForceClsact);
            _attachments[interfaceIndex] = attachment;
            return attachment.AddedDiscipline;
        }
    }

    /// <summary>Takes the programs off all interfaces and waits until none is running: counters are final and all
    /// records are in the ring.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            foreach (InterfaceAttachment attachment in _attachments.Values)
                attachment.Dispose();
            _attachments.Clear();
            _grace.Wait();
        }
    }

    /// <summary>Replaces the policy. A packet falls under the whole old or the whole new one; when this returns, the
    /// old one is used by none any more. Should it fail, the old one stays.</summary>
    /// <exception cref="DatapathException">The kernel refused.</exception>
    public void SetPolicy(PolicyTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        lock (_lock)
            _policy.Write(tables);
    }

    /// <summary>Makes an epoch to be filled and then published.</summary>
    /// <param name="serial">Must rise from one published epoch to the next.</param>
    /// <param name="epoch">12 bits.</param>
    /// <param name="deadlineNs">Boot clock: nothing is sealed from then on.</param>
    /// <param name="hasFrames">Pairs can have a key for udp-frames.</param>
    public SendingEpoch PrepareEpoch(ulong serial, ushort epoch, ulong deadlineNs, bool hasFrames = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(serial);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, 0x0fff);
        return new SendingEpoch(this, serial, epoch, deadlineNs, _options.PairsPerEpoch, hasFrames);
    }

    /// <summary>Tells the programs what Unix time it is; udp-frames say so. Call it again when the clock may have
    /// changed.</summary>
    /// <param name="unixMinusBootNs">From <see cref="BootClock.UnixMinusBootNs"/>.</param>
    public void SetUnixTime(long unixMinusBootNs) => _unixMinusBoot.Set(0u, unixMinusBootNs);

    /// <summary>
    /// Makes <paramref name="next"/> the epoch that packets are sealed in, in one step. Returns the epoch that was:
    /// no packet uses it any more (this returns after a grace period), so its counters are final, and
    /// it is the caller's to dispose. Null the first time.
    /// </summary>
    /// <exception cref="ArgumentException">The epoch is of another flow table, or its serial does not rise.</exception>
    /// <exception cref="DatapathException">The kernel refused. Packets may be sealed in the epoch all the same, and its
    /// serial is used up: publish another one above it.</exception>
    public SendingEpoch? Publish(SendingEpoch next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (next.Owner != this)
            throw new ArgumentException("The epoch was prepared for another flow table: a key serves one only.", nameof(next));
        lock (_lock)
        {
            if (next.Serial <= _offeredSerial)
                throw new ArgumentException($"Serial {next.Serial} does not rise above {_offeredSerial}.", nameof(next));
            _offeredSerial = next.Serial;
            if (next.Frames is not null)
                _frameEpochs.Set(0u, next.Frames.Descriptor);
            else if (_current?.Frames is not null)
                _frameEpochs.Remove(0u);
            _epochs.Set(0u, next.Map.Descriptor);
            SendingEpoch? former = _current;
            Volatile.Write(ref _current, next);
            // Then what processors remember of the former one: who still uses that ends before the wait does.
            _settings.ForgetPairs();
            _grace.Wait();
            Volatile.Write(ref _lastSerial, next.Serial); // not before: Sweep lets flows die by it
            return former;
        }
    }

    /// <summary>Lets a sender's options update state, or renews the period in which they may.</summary>
    public void SetReceivingKey(in ReceivingKeyId id, in ReceivingKeyPeriod period, ReadOnlySpan<byte> packedKey) =>
        SetReceivingKey(_receivingKeys, id, period, packedKey);

    /// <summary>Lets a sender's udp-frames update state, or renews the period in which they may.</summary>
    public void SetReceivingFrameKey(in ReceivingKeyId id, in ReceivingKeyPeriod period, ReadOnlySpan<byte> packedKey) =>
        SetReceivingKey(_receivingFrameKeys, id, period, packedKey);

    private static void SetReceivingKey(BpfMap keys, in ReceivingKeyId id, in ReceivingKeyPeriod period, ReadOnlySpan<byte> packedKey)
    {
        AbiReceivingKey value = new()
        {
            ContextOrder = period.ContextOrder,
            EpochIndex = period.EpochIndex,
            NotBeforeNs = period.NotBeforeNs,
            NotAfterNs = period.NotAfterNs,
        };
        try
        {
            AbiKey.Copy(packedKey, ref value.Key);
            keys.Set(ToAbi(id), value);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<AbiReceivingKey>(ref value)));
        }
    }

    /// <summary>Forgets the receiving keys of options and of udp-frames; false if neither was there.</summary>
    public bool RemoveReceivingKey(in ReceivingKeyId id) => _receivingFrameKeys.Remove(ToAbi(id)) | _receivingKeys.Remove(ToAbi(id));

    /// <summary>Says whose options can be authenticated: what comes from these addresses in clear counts for nothing.
    /// Those that do not fit (65,536 do) are as if not given.</summary>
    public void SetLiveSources(IReadOnlyCollection<Ipv6Address> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        lock (_lock)
            _liveSources.Set(sources);
    }

    /// <summary>
    /// Removes the state of flows that took their last number under a serial below <paramref name="serialBefore"/> and
    /// neither sent nor received since <paramref name="idleSinceNs"/> (boot clock). For the rule of section 6 of the
    /// protocol reference these are the serial and the start of the epoch before the current one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A serial above the one in use: a flow could be removed and reborn
    /// under the key that it took its last number from.</exception>
    public SweepResult Sweep(ulong serialBefore, ulong idleSinceNs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serialBefore, Volatile.Read(ref _lastSerial));
        return _flowTable.Sweep(serialBefore, idleSinceNs);
    }

    /// <summary>Reads all counters.</summary>
    public DatapathCounters ReadCounters() => _counters.Read();

    /// <summary>Waits until records may be there, or the time is over. The programs wake the waiting thread only when
    /// 64 KiB wait: 20 ms is a good timeout.</summary>
    public void WaitForRecords(TimeSpan timeout) => _records.Wait(timeout);

    /// <summary>Hands waiting records to the sink, at most <paramref name="maxRecords"/>; returns how many.</summary>
    /// <param name="sink">Called on this thread.</param>
    /// <param name="unixMinusBootNs">From <see cref="BootClock.UnixMinusBootNs"/>: observations carry Unix time.</param>
    /// <param name="maxRecords">When to return although more are waiting.</param>
    public int DrainRecords(IRecordSink sink, long unixMinusBootNs, int maxRecords = int.MaxValue) =>
        _records.Drain(sink, unixMinusBootNs, maxRecords);

    /// <summary>The lanes in which numbers of busy flows are prepared. Dispose them before this object.</summary>
    public NumberLanes OpenLanes() => new(_programs, _grace, EpochOf);

    /// <summary>What the paths of address pairs lose. Dispose it before this object.</summary>
    public PathTable OpenPaths() => new(_programs.Map("paths"), _settings);

    /// <summary>A program by its name in the object, for test runs.</summary>
    public BpfProgram Program(string name) => _programs.Program(name);

    /// <summary>A map by its name in the object, for tests and tools.</summary>
    public BpfMap Map(string name) => _programs.Map(name);

    /// <summary>Detaches and unloads. Epochs that were prepared or returned are their holder's to dispose; the
    /// published one goes with this object.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (InterfaceAttachment attachment in _attachments.Values)
                attachment.Dispose();
            _attachments.Clear();
            _current?.Dispose();
            _current = null;
            _records.Dispose();
            _settings.Dispose();
            _grace.Dispose();
            _programs.Dispose();
        }
    }

    // Without the lock: who prepares numbers must not wait for a grace period.
    private SendingEpoch? EpochOf(ulong serial) => Volatile.Read(ref _current) is { } current && current.Serial == serial ? current : null;

    private static AbiReceivingKeyId ToAbi(in ReceivingKeyId id) =>
        new() { Pair = AbiPair.From(id.Pair), Epoch = id.Epoch, Generation = (uint)id.Generation };
}
