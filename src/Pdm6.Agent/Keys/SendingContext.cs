using System.Security.Cryptography;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>
/// One context of this sender: a fresh base secret, and what is announced of it. Every context is an incarnation of its
/// own, with a base secret of its own: no 12-bit epoch ever comes back under the same secret. Never written to disk;
/// zeroed on Dispose.
/// </summary>
internal sealed class SendingContext : IDisposable
{
    /// <summary>What this host says of its clock: hosts are expected to keep time by NTP or PTP.</summary>
    internal const ulong ClockErrorBoundNs = 1_000_000_000;

    // Receivers and the collector may want a context for as long as its last options can be under way.
    private const ulong AfterlifeNs = EpochSchedule.DeadlineSlackNs + ReceivingWindow.NeighbourSlackNs + ClockErrorBoundNs;

    private readonly byte[] _baseSecret = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);

    private readonly Lock _ending = new();
    private bool _isOver;

    private SendingContext(Announcement announcement, EpochSchedule schedule) => (Announcement, Schedule) = (announcement, schedule);

    /// <summary>What others are told.</summary>
    internal Announcement Announcement { get; }

    /// <summary>The timetable on this host's boot clock.</summary>
    internal EpochSchedule Schedule { get; private set; }

    /// <summary>Draws the base secret of a context that nothing was ever sealed with.</summary>
    /// <param name="incarnation">The context's incarnation, just drawn.</param>
    /// <param name="baseSecret">32 octets.</param>
    internal delegate void FillBaseSecret(IncarnationId incarnation, Span<byte> baseSecret);

    /// <summary>Begins a context.</summary>
    /// <param name="fillBaseSecret">Draws the base secret.</param>
    /// <param name="sender">Name, addresses, option type and lengths.</param>
    /// <param name="firstInstantBootNs">When its first epoch begins, boot clock.</param>
    /// <param name="unixMinusBootNs">Unix time minus boot time, measured now.</param>
    /// <param name="previousSequence">Sequence of this sender's last announcement; 0 if there was none. The new one is
    /// higher, also if Unix time was set back.</param>
    internal static SendingContext Begin(
        FillBaseSecret fillBaseSecret, SenderIdentity sender, ulong firstInstantBootNs, long unixMinusBootNs, ulong previousSequence)
    {
        ulong issued = unchecked(BootClock.NowNs + (ulong)unixMinusBootNs);
        EpochTimetable timetable = sender.Rotation.NewTimetable(unchecked(firstInstantBootNs + (ulong)unixMinusBootNs));
        IncarnationId incarnation = IncarnationId.NewRandom(); // guard: incarnation
        Announcement announcement = new()
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = incarnation,
            Sequence = Math.Max(issued, previousSequence + 1),
            IssuedAtUnixNs = issued,
            NotAfterUnixNs = timetable.EndNs + AfterlifeNs,
            AgentName = sender.Name,
            Addresses = sender.Addresses,
            Suite = Suite.Aes256Gcm,
            Timetable = timetable,
            Carriages = Carriages.DestinationOptionV2 | Carriages.UdpOption | (sender.SendsFrames ? Carriages.UdpFrames : Carriages.None),
            OptionType = sender.OptionType,
            ExId = sender.UdpOptionExId,
            ClockErrorBoundNs = ClockErrorBoundNs,
        };
        SendingContext context = new(announcement, EpochSchedule.From(timetable, firstInstantBootNs));
        fillBaseSecret(incarnation, context._baseSecret);
        return context;
    }

    /// <summary>True if its packets may be udp-frames: those who open them were told so.</summary>
    internal bool HasFrames => (Announcement.Carriages & Carriages.UdpFrames) != 0;

    /// <summary>Gives a pair its keys in an epoch.</summary>
    /// <param name="pair">Whose.</param>
    /// <param name="keys">The epoch, which has room.</param>
    /// <param name="path">The pair's <see cref="PathTable.IndexOf"/>; 0 if nobody watches its path.</param>
    /// <param name="packed">Room for <see cref="KernelDatapath.PackedKeySize"/> octets that are never moved; zeroed
    /// afterwards.</param>
    internal void AddKeys(AddressPair pair, SendingEpoch keys, uint path, Span<byte> packed)
    {
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        KeyDerivation.PairSecret(_baseSecret, pair.Source, pair.Destination, pairSecret);
        try
        {
            PairKeys.Pack(pairSecret, Announcement.Suite, keys.Epoch, packed);
            if (!keys.TryAdd(pair, packed, path) || !keys.HasFrames)
                return;
            PairKeys.PackForFrames(pairSecret, Announcement.Suite, keys.Epoch, packed);
            keys.TryAddFrameKey(pair, packed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
            CryptographicOperations.ZeroMemory(packed);
        }
    }

    /// <summary>The base secret, to seal it or what follows from it to those who are announced the context.</summary>
    internal ReadOnlySpan<byte> BaseSecret => _baseSecret;

    /// <summary>Makes keystream for a flow in an epoch. The caller disposes it.</summary>
    internal PreparedNumbers Prepare(in FlowKey flow, ushort epoch, PacketCarriage carriage) =>
        PairKeys.Prepare(_baseSecret, Announcement, flow, epoch, carriage);

    /// <summary>The key by which agents talk about the path of a pair; false if the context is over. Any thread; the
    /// caller zeroes the key.</summary>
    internal bool TryPathKey(AddressPair pair, Span<byte> key)
    {
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        lock (_ending)
        {
            if (_isOver)
                return false;
            KeyDerivation.PairSecret(_baseSecret, pair.Source, pair.Destination, pairSecret);
        }
        KeyDerivation.PathKey(pairSecret, key);
        CryptographicOperations.ZeroMemory(pairSecret);
        return true;
    }

    /// <summary>Uses no epoch after this one.</summary>
    internal void EndAfter(long index) => Schedule = Schedule.EndingAfter(index);

    /// <summary>Ends at an instant, boot clock, if it does not end before.</summary>
    internal void EndAt(ulong bootNs) => Schedule = Schedule.EndingAt(bootNs);

    public void Dispose()
    {
        lock (_ending)
        {
            _isOver = true;
            CryptographicOperations.ZeroMemory(_baseSecret);
        }
    }
}
