using System.Security.Cryptography;

namespace Pdm6.Security.Opening;

/// <summary>An announced context with its base secret, as the opener holds it.</summary>
internal sealed class OpenerContext : IDisposable
{
    /// <summary>How far from the change of epochs a neighbour is still taken, beside the clock error bound
    /// (protocol reference, section 9).</summary>
    public const ulong NeighbourSlackNs = 5_000_000_000;

    private readonly byte[] _baseSecret = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);
    // The timetable's numbers again, close together: every option asks for them.
    private readonly ulong _firstInstantNs;
    private readonly ulong _lengthNs;
    private readonly uint _destinationOptionEpochs, _udpOptionEpochs; // 0 if the carriage was not announced
    private readonly ushort _firstEpoch;
    private readonly ushort _exId;
    // In halves, because the compiler copies values of 16 octets by way of memory.
    private readonly ulong _contextIdHigh, _contextIdLow, _incarnationIdHigh, _incarnationIdLow;
    private readonly ulong _slackNs;
    private readonly ulong _lastUseNs;
    private readonly bool _isTimeless;

    public OpenerContext(Announcement announcement, ReadOnlySpan<byte> baseSecret, uint ordinal, OpenerMode mode)
    {
        Announcement = announcement;
        Suite = announcement.Suite;
        Ordinal = ordinal;
        (_contextIdHigh, _contextIdLow) = Halves(announcement.ContextId.Value);
        (_incarnationIdHigh, _incarnationIdLow) = Halves(announcement.IncarnationId.Value);
        EpochTimetable timetable = announcement.Timetable;
        _firstInstantNs = timetable.FirstInstantUnixNs;
        _lengthNs = timetable.LengthNs;
        _destinationOptionEpochs = (announcement.Carriages & Carriages.DestinationOptionV2) != 0 ? timetable.Count : 0;
        _udpOptionEpochs = (announcement.Carriages & Carriages.UdpOption) != 0 ? timetable.Count : 0;
        _firstEpoch = timetable.FirstEpoch;
        _exId = announcement.ExId;
        KeySize = Suites.KeySize(announcement.Suite);
        baseSecret.CopyTo(_baseSecret);
        ulong slackNs = NeighbourSlackNs + announcement.ClockErrorBoundNs;
        // Never further than a neighbour, however short the epochs are.
        _slackNs = Math.Min(slackNs, _lengthNs - 1);
        EndNs = Math.Min(timetable.EndNs, announcement.NotAfterUnixNs) + slackNs;
        _lastUseNs = mode == OpenerMode.Live ? EndNs : ulong.MaxValue;
    }

    /// <summary>A context of which nothing was announced: any source, any epoch, any time.</summary>
    public OpenerContext(ContextId id, Suite suite, ReadOnlySpan<byte> baseSecret, uint ordinal)
    {
        Suite = suite;
        Ordinal = ordinal;
        (_contextIdHigh, _contextIdLow) = Halves(id.Value);
        KeySize = Suites.KeySize(suite);
        baseSecret.CopyTo(_baseSecret);
        _isTimeless = true;
        EndNs = ulong.MaxValue;
    }

    /// <summary>What its sender told; null if nothing was announced.</summary>
    public Announcement? Announcement { get; }
    public Suite Suite { get; }
    public ContextId ContextId => new(new UInt128(_contextIdHigh, _contextIdLow));
    public IncarnationId IncarnationId => new(new UInt128(_incarnationIdHigh, _incarnationIdLow));
    public uint Ordinal { get; }
    public ReadOnlySpan<byte> BaseSecret => _baseSecret;
    public int KeySize { get; }

    /// <summary>The last instant at which its options can still arrive.</summary>
    public ulong EndNs { get; }

    /// <summary>May an option of this carriage and epoch have been observed at this time?</summary>
    public bool Covers(Carriage carriage, ushort epoch, ulong unixNs, out long index) => Covers(
        carriage == Carriage.UdpOption ? _udpOptionEpochs : _destinationOptionEpochs, epoch, unixNs, out index);

    /// <summary>May something of this epoch, of whatever carriage, have been observed at this time?</summary>
    public bool CoversTime(ushort epoch, ulong unixNs, out long index) =>
        Covers(Announcement?.Timetable.Count ?? 0, epoch, unixNs, out index);

    /// <summary>May its UDP options have this ExID?</summary>
    public bool HasExId(ushort exId) => _isTimeless || exId == _exId;

    private bool Covers(uint epochs, ushort epoch, ulong unixNs, out long index)
    {
        // As EpochTimetable.TryIndexOf and StartOf; a validated timetable ends before the year 2263, so that no sum here
        // comes near 2^64.
        if (_isTimeless)
        {
            index = epoch;
            return true;
        }
        uint offset = (uint)(epoch - _firstEpoch) & (EpochTimetable.EpochCount - 1);
        index = offset;
        ulong start = _firstInstantNs + offset * _lengthNs;
        return offset < epochs && unixNs <= _lastUseNs
            && unixNs + _slackNs >= start && unixNs <= start + _lengthNs + _slackNs;
    }

    private static (ulong High, ulong Low) Halves(UInt128 value) => ((ulong)(value >> 64), (ulong)value);

    public void Dispose() => CryptographicOperations.ZeroMemory(_baseSecret);
}
