using System.Runtime.CompilerServices;
using Pdm6.Security.Opening;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// Opens what contexts sealed: PDMv2 options, in a Destination Options header or as UDP options, and udp-frames (protocol
/// reference, sections 3 to 6 and 9): finds the contexts of the source address that announce the carriage and cover the epoch and the time,
/// derives the key of the address pair, checks the tag. Pure: time is an argument. Hostile bytes never throw. Once a
/// key is known, opening allocates nothing where <see cref="ShortAesGcm.IsAccelerated"/>, whatever comes; elsewhere a wrong
/// tag has the price that <see cref="ShortAesGcm"/> names. Memory is bounded by <see cref="OpenerLimits"/>. Not for several
/// threads: give each thread an opener of its own.
/// </summary>
public sealed class OptionOpener : IDisposable
{
    // Methods of the hot path are compiled one by one (NoInlining): together they exceed what the compiler is willing to
    // inline, and then it leaves the small calls inside them as calls.
    private readonly SessionKeys _keys;
    private readonly ContextDirectory _contexts;
    private readonly ContextFrames _frames;
    private readonly OptionBatch _batch = new();
    private readonly Lanes _lanes = new();
    private bool _disposed;

    /// <summary>An opener that knows no context yet.</summary>
    /// <param name="mode">Which contexts of a sender are tried.</param>
    /// <param name="limits">Bounds of memory; <see cref="OpenerLimits.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound below 1.</exception>
    public OptionOpener(OpenerMode mode, OpenerLimits? limits = null)
    {
        limits ??= OpenerLimits.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Contexts, 1, nameof(limits));
        _keys = new SessionKeys(limits);
        _contexts = new ContextDirectory(mode, limits.Contexts, Forget);
        _frames = new ContextFrames(_contexts);
    }

    /// <summary>Takes a context. What is known afterwards does not depend on the order in which announcements come,
    /// except when there are too many.</summary>
    /// <param name="announcement">A validated announcement.</param>
    /// <param name="baseSecret">The context's base secret, 32 octets; copied.</param>
    /// <exception cref="ArgumentException">The announcement is not valid or the secret has another length.</exception>
    public AddContextResult Add(Announcement announcement, ReadOnlySpan<byte> baseSecret)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!announcement.TryValidate(out string? error))
            throw new ArgumentException(error, nameof(announcement));
        if (baseSecret.Length != KeyDerivation.SecretSize)
            throw new ArgumentException($"A base secret has {KeyDerivation.SecretSize} octets.", nameof(baseSecret));
        return _contexts.Add(announcement, baseSecret);
    }

    /// <summary>
    /// Takes a base secret of which no announcement is known, as laboratories have it: it is tried for every source
    /// that no announcement names, in every epoch, at any time. <see cref="OpenedOption.EpochIndex"/> of what it opens is
    /// the 12-bit epoch. Secrets that opened something of a source are tried first for that source.
    /// </summary>
    /// <param name="id">Names it in what it opens.</param>
    /// <param name="suite">Its cipher.</param>
    /// <param name="baseSecret">The base secret, 32 octets; copied.</param>
    /// <exception cref="ArgumentException">The secret has another length or there is no such suite.</exception>
    public AddContextResult AddUnannounced(ContextId id, Suite suite, ReadOnlySpan<byte> baseSecret)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (baseSecret.Length != KeyDerivation.SecretSize)
            throw new ArgumentException($"A base secret has {KeyDerivation.SecretSize} octets.", nameof(baseSecret));
        return _contexts.AddEverywhere(id, suite, baseSecret);
    }

    /// <summary>Drops the contexts of which no option can arrive any more, and zeroes their secrets.</summary>
    /// <param name="nowUnixNs">Nanoseconds since the Unix epoch.</param>
    public void RemoveEnded(ulong nowUnixNs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _contexts.RemoveEnded(nowUnixNs);
    }

    /// <summary>Opens one option.</summary>
    /// <param name="flow">The flow of its packet, with the final destination.</param>
    /// <param name="option">The option from its type octet on; its type is taken as PDMv2's.</param>
    /// <param name="observedAtUnixNs">When it was observed, nanoseconds since the Unix epoch.</param>
    /// <param name="opened">What it holds, if the result is <see cref="OpenResult.Opened"/>.</param>
    public OpenResult TryOpen(
        in FlowKey flow, ReadOnlySpan<byte> option, ulong observedAtUnixNs, out OpenedOption opened)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        opened = default;
        if (!TryReadProtected(option, out Pdmv2OptionView view, out OpenResult result))
            return result;
        return TryContexts(
            flow, Carriage.DestinationOptionV2, exId: 0, view.Epoch, view.Psntp,
            view.AssociatedData, view.MetricBlock, view.Tag, observedAtUnixNs, out opened);
    }

    /// <summary>Opens one UDP option. Only contexts that announce its ExID count: to others it is no carriage of
    /// theirs.</summary>
    /// <param name="flow">The flow of its packet, with the final destination.</param>
    /// <param name="option">The option, read with the ExID that means PDMv2 here.</param>
    /// <param name="observedAtUnixNs">When it was observed, nanoseconds since the Unix epoch.</param>
    /// <param name="opened">What it holds, if the result is <see cref="OpenResult.Opened"/>.</param>
    /// <exception cref="ArgumentException">A view that <see cref="UdpOptionView.TryRead"/> left empty.</exception>
    public OpenResult TryOpenUdpOption(
        in FlowKey flow, UdpOptionView option, ulong observedAtUnixNs, out OpenedOption opened)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (option.Octets.IsEmpty)
            throw new ArgumentException("There is no option in this view.", nameof(option));
        opened = default;
        return option.IsProtected
            ? TryContexts(
                flow, Carriage.UdpOption, option.ExId, option.Epoch, option.Psntp,
                option.AssociatedData, option.MetricBlock, option.Tag, observedAtUnixNs, out opened)
            : OpenResult.Clear;
    }

    /// <summary>Opens what was observed, in whatever carriage.</summary>
    /// <param name="observation">The option with its flow and time.</param>
    /// <param name="opened">What it holds, if the result is <see cref="OpenResult.Opened"/>.</param>
    public OpenResult TryOpen(in Observation observation, out OpenedOption opened)
    {
        FlowKey flow = observation.Flow;
        if (observation.IsUdpFrame)
            return TryOpenObservedFrame(observation, out opened);
        if (!observation.IsUdpOption)
            return TryOpen(flow, observation.OptionOctets, observation.ObservedAtNs, out opened);
        opened = default;
        Span<byte> octets = stackalloc byte[UdpOption.ProtectedLength];
        return UdpOptionView.TryReadObserved(observation.OptionOctets, octets, out UdpOptionView option) switch
        {
            UdpOptionReadStatus.Ok => TryOpenUdpOption(flow, option, observation.ObservedAtNs, out opened),
            UdpOptionReadStatus.UnknownVersion => OpenResult.UnknownVersion,
            _ => OpenResult.Malformed,
        };
    }

    /// <summary>Opens one udp-frame whose key follows from a context (its key id is the epoch). Any other is
    /// <see cref="FrameOpenResult.NoKey"/>; who has a raw key tries that (<see cref="FrameOpener"/>).</summary>
    /// <param name="flow">The flow of its packet, with the final destination.</param>
    /// <param name="payload">The whole UDP payload.</param>
    /// <param name="tlvs">Receives the TLVs; what needs more room is <see cref="FrameOpenResult.TooLong"/>. Must not overlap
    /// the payload.</param>
    /// <param name="observedAtUnixNs">When it was observed, nanoseconds since the Unix epoch.</param>
    /// <param name="opened">What it is, if the result is <see cref="FrameOpenResult.Opened"/>.</param>
    /// <exception cref="ArgumentException">The TLVs overlap the payload.</exception>
    public FrameOpenResult TryOpenFrame(
        in FlowKey flow, ReadOnlySpan<byte> payload, Span<byte> tlvs, ulong observedAtUnixNs, out OpenedFrame opened)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _frames.TryOpen(flow, payload, tlvs, observedAtUnixNs, out opened);
    }

    /// <summary>
    /// Opens many options, with the same answers as <see cref="TryOpen(in Observation, out OpenedOption)"/> one by one.
    /// Destination options several times as fast: keys are fetched from memory ahead of their use, and four options are
    /// computed at a time.
    /// </summary>
    /// <param name="observations">The options with their flows and times.</param>
    /// <param name="results">Receives a result for each.</param>
    /// <param name="opened">Receives what each holds, where the result is <see cref="OpenResult.Opened"/>.</param>
    /// <exception cref="ArgumentException">A span is too short for the observations, or an option is longer than
    /// an observation can hold.</exception>
    public void OpenBatch(
        ReadOnlySpan<Observation> observations, Span<OpenResult> results, Span<OpenedOption> opened)
    {
        ObservedOptions options = new(observations);
        OpenBatch(options, results, opened);
        for (int i = 0; i < observations.Length; i++)
            if (!options.IsOption(i))
                results[i] = TryOpen(observations[i], out opened[i]);
    }

    /// <summary>Opens many destination options where they are, as fast as <see cref="OpenBatch(ReadOnlySpan{Observation},
    /// Span{OpenResult}, Span{OpenedOption})"/>.</summary>
    /// <typeparam name="T">Where they are.</typeparam>
    /// <param name="options">The options with their flows and times.</param>
    /// <param name="results">Receives a result for each; keeps what it held for what is no destination option.</param>
    /// <param name="opened">Receives what each holds, where the result is <see cref="OpenResult.Opened"/>.</param>
    /// <exception cref="ArgumentException">A span is too short for the options.</exception>
    public void OpenBatch<T>(T options, Span<OpenResult> results, Span<OpenedOption> opened)
        where T : struct, IDestinationOptions, allows ref struct
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = options.Count;
        if (results.Length < count || opened.Length < count)
            throw new ArgumentException("Every option needs a place for its result and for what it holds.");
        _batch.Clear(); // of what an exception may have left
        for (int i = 0; i < count; i++)
        {
            if (options.IsOption(i))
            {
                results[i] = Enqueue(i, options);
                if (results[i] != OpenResult.Opened)
                    opened[i] = default;
            }
            if (_batch.IsFull)
                OpenQueued(options, results, opened);
        }
        OpenQueued(options, results, opened);
    }

    /// <summary>Zeroes every secret.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _contexts.Dispose();
        _keys.Dispose();
        _frames.Dispose();
    }

    private void Forget(uint context)
    {
        _keys.Forget(context);
        _frames.Forget(context);
    }

    /// <summary>A frame that a kernel made says what an option says: its sequence is the number, its one TLV the
    /// metrics.</summary>
    private OpenResult TryOpenObservedFrame(in Observation observation, out OpenedOption opened)
    {
        opened = default;
        Span<byte> tlvs = stackalloc byte[UdpFrame.PdmFrameSize];
        FrameOpenResult result = _frames.TryOpen(
            observation.FlowInPlace, observation.OptionOctets, tlvs, observation.ObservedAtNs, out OpenedFrame frame);
        if (result != FrameOpenResult.Opened)
            return result switch
            {
                FrameOpenResult.NoKey => OpenResult.NoKey,
                FrameOpenResult.AuthenticationFailed => OpenResult.AuthenticationFailed,
                FrameOpenResult.UnknownVersion => OpenResult.UnknownVersion,
                FrameOpenResult.Clear => OpenResult.Clear,
                _ => OpenResult.Malformed,
            };
        TlvReader reader = new(tlvs[..frame.TlvsSize]);
        if (!reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> metrics) || type != (ushort)TlvType.Pdm)
            return OpenResult.Malformed;
        opened = new OpenedOption(
            frame.Context, frame.Incarnation, frame.EpochIndex, frame.Header.KeyId, frame.Header.Sequence, PdmMetrics.Read(metrics));
        return OpenResult.Opened;
    }

    private static bool TryReadProtected(ReadOnlySpan<byte> option, out Pdmv2OptionView view, out OpenResult refused)
    {
        refused = Pdmv2OptionView.TryRead(option, out view) switch
        {
            Pdmv2ReadStatus.UnknownVersion => OpenResult.UnknownVersion,
            Pdmv2ReadStatus.Malformed => OpenResult.Malformed,
            _ => view.IsProtected ? OpenResult.Opened : OpenResult.Clear,
        };
        return refused == OpenResult.Opened;
    }

    private OpenResult TryContexts(
        in FlowKey flow, Carriage carriage, ushort exId, ushort epoch, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, ulong observedAtUnixNs, out OpenedOption opened)
    {
        opened = default;
        if (!_contexts.TryFind(flow.Source, out OpenerContext[]? contexts))
            return OpenResult.NoKey;
        OpenResult result = OpenResult.WrongEpoch;
        foreach (OpenerContext context in contexts)
        {
            if (!context.Covers(carriage, epoch, observedAtUnixNs, out long epochIndex)
                || (carriage == Carriage.UdpOption && !context.HasExId(exId)))
                continue;
            SessionId session = new(context.Ordinal, epoch, flow.Source, flow.Destination);
            int slot = _keys.Slot(context, session, SessionKeys.HashOf(session));
            if (TryOpenUnder(
                    context, slot, flow, carriage, epoch, psntp, associatedData, ciphertext, tag, out PdmMetrics metrics))
            {
                if (context != contexts[0])
                    _contexts.Prefer(flow.Source, context);
                opened = new OpenedOption(
                    context.ContextId, context.IncarnationId, epochIndex, epoch, psntp, metrics);
                return OpenResult.Opened;
            }
            result = OpenResult.AuthenticationFailed;
        }
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOpenUnder(
        OpenerContext context, int slot, in FlowKey flow, Carriage carriage, ushort epoch, uint psntp,
        ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, out PdmMetrics metrics)
    {
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Nonce.Build(_keys.BaseNonce(slot), flow, carriage, epoch, psntp, nonce);
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        bool authentic = _keys.Key(slot, context.KeySize).TryOpen(nonce, associatedData, ciphertext, tag, block);
        metrics = PdmMetrics.Read(block);
        return authentic;
    }

    /// <summary>Queues an option for the newest context that covers it, or says at once why there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private OpenResult Enqueue<T>(int index, T options)
        where T : struct, IDestinationOptions, allows ref struct
    {
        if (!TryReadProtected(options.OctetsOf(index), out Pdmv2OptionView view, out OpenResult refused))
            return refused;
        ref readonly FlowKey flow = ref options.FlowOf(index);
        if (!_contexts.TryFind(flow.Source, out OpenerContext[]? contexts))
            return OpenResult.NoKey;
        foreach (OpenerContext context in contexts)
            if (context.Covers(Carriage.DestinationOptionV2, view.Epoch, options.ObservedAtNsOf(index), out long epochIndex))
            {
                _batch.Add(index, context, epochIndex, flow, view.Epoch, view.Psntp, _keys);
                return OpenResult.Opened; // until it is tried
            }
        return OpenResult.WrongEpoch;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenQueued<T>(T options, Span<OpenResult> results, Span<OpenedOption> opened)
        where T : struct, IDestinationOptions, allows ref struct
    {
        ReadOnlySpan<OptionBatch.Item> items = _batch.Items;
        int changes = _keys.Changes;
        _batch.FindKeys(_keys);
        int first = 0;
        for (; first + Lanes.Count <= items.Length; first += Lanes.Count)
        {
            int authentic = OpenFour(first, options, isUnchanged: changes == _keys.Changes);
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                ref readonly OptionBatch.Item item = ref items[first + lane];
                if ((authentic >> lane & 1) == 0)
                {
                    results[item.Index] = Settle(item.Index, options, out opened[item.Index]);
                    continue;
                }
                OpenerContext context = _batch.Context(first + lane);
                results[item.Index] = OpenResult.Opened;
                opened[item.Index] = new OpenedOption(
                    context.ContextId, context.IncarnationId, item.EpochIndex, item.Epoch, item.Psntp, _lanes.Metrics(lane));
            }
        }
        foreach (ref readonly OptionBatch.Item item in items[first..])
            results[item.Index] = Settle(item.Index, options, out opened[item.Index]);
        _batch.Clear();
    }

    /// <summary>Bit i of the answer: the item at that distance is authentic under the newest context that covers
    /// it.</summary>
    /// <param name="first">The first of the four items.</param>
    /// <param name="options">Where the items' options are.</param>
    /// <param name="isUnchanged">No key was displaced since the keys were found.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int OpenFour<T>(int first, T options, bool isUnchanged)
        where T : struct, IDestinationOptions, allows ref struct
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            ref readonly OptionBatch.Item item = ref _batch.Items[first + lane];
            int slot = _batch.Slot(first + lane);
            _lanes.Put(
                lane, slot, _batch.Key(first + lane), _keys.BaseNonce(slot), options.FlowOf(item.Index), item.Epoch,
                item.Psntp, options.OctetsOf(item.Index));
        }
        // One item's key may have displaced another's. A lane that meets a wrong key fails and is settled alone.
        return isUnchanged || AreAllHot() ? _lanes.Open() : 0;
    }

    private bool AreAllHot()
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
            if (!_keys.IsHot(_lanes.Slot(lane)))
                return false;
        return true;
    }

    /// <summary>Tries everything that <see cref="TryOpen(in FlowKey, ReadOnlySpan{byte}, ulong, out OpenedOption)"/> would: what the four lanes could not open.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private OpenResult Settle<T>(int index, T options, out OpenedOption opened)
        where T : struct, IDestinationOptions, allows ref struct =>
        TryOpen(options.FlowOf(index), options.OctetsOf(index), options.ObservedAtNsOf(index), out opened);
}
