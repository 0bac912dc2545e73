using System.Security.Cryptography;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>
/// One context of this sender: a fresh base secret, and what is announced of it. With a key file the base secret
/// follows from a random incarnation id, so every context is an incarnation of its own: no 12-bit epoch ever comes back
/// under the same secret. Never written to disk; zeroed on Dispose.
/// </summary>
internal sealed class SendingContext : IDisposable
{
    /// <summary>What this host says of its clock: hosts are expected to keep time by NTP or PTP.</summary>
    internal const ulong ClockErrorBoundNs = 1_000_000_000;

    // Receivers and the collector may want a context for as long as its last options can be under way.
    private const ulong AfterlifeNs = EpochSchedule.DeadlineSlackNs + ReceivingWindow.NeighbourSlackNs + ClockErrorBoundNs;

    private readonly byte[] _baseSecret = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);

    private SendingContext(Announcement announcement, EpochSchedule schedule) => (Announcement, Schedule) = (announcement, schedule);

    /// <summary>What the collector relays.</summary>
    internal Announcement Announcement { get; }

    /// <summary>The timetable on this host's boot clock.</summary>
    internal EpochSchedule Schedule { get; private set; }

    /// <summary>Begins a context.</summary>
    /// <param name="keyFileSecret">The key file's 32 octets.</param>
    /// <param name="sender">Name, addresses and option type.</param>
    /// <param name="epochLengthNs">Length of an epoch.</param>
    /// <param name="firstInstantBootNs">When its first epoch begins, boot clock.</param>
    /// <param name="unixMinusBootNs">Unix time minus boot time, measured now.</param>
    /// <param name="previousSequence">Sequence of this sender's last announcement; 0 if there was none. The new one is
    /// higher, also if Unix time was set back.</param>
    internal static SendingContext Begin(
        ReadOnlySpan<byte> keyFileSecret, SenderIdentity sender, ulong epochLengthNs, ulong firstInstantBootNs, long unixMinusBootNs,
        ulong previousSequence)
    {
        ulong issued = unchecked(BootClock.NowNs + (ulong)unixMinusBootNs);
        EpochTimetable timetable = EpochTimetable.NewRandom(unchecked(firstInstantBootNs + (ulong)unixMinusBootNs), epochLengthNs);
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
            OptionType = sender.OptionType,
            ClockErrorBoundNs = ClockErrorBoundNs,
        };
        SendingContext context = new(announcement, EpochSchedule.From(timetable, firstInstantBootNs));
        KeyDerivation.BaseSecretFromKeyFile(keyFileSecret, incarnation, context._baseSecret);
        return context;
    }

    /// <summary>Writes a pair's key in an epoch as the kernel programs want it; the caller zeroes it.</summary>
    internal void PackKey(AddressPair pair, ushort epoch, Span<byte> packed) =>
        PairKeys.Pack(_baseSecret, Announcement.Suite, pair, epoch, packed);

    /// <summary>Makes keystream for a flow in an epoch. The caller disposes it.</summary>
    internal PreparedNumbers Prepare(in FlowKey flow, ushort epoch) =>
        PairKeys.Prepare(_baseSecret, Announcement.Suite, flow, epoch, Announcement.OptionType);

    /// <summary>Uses no epoch after this one.</summary>
    internal void EndAfter(long index) => Schedule = Schedule.EndingAfter(index);

    public void Dispose() => CryptographicOperations.ZeroMemory(_baseSecret);
}
