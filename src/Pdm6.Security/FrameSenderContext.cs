using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// A sender's context for udp-frames (protocol reference, section 6): one incarnation with a random base secret that was
/// drawn here and nowhere else. It cannot be made from octets, so no restart and no second process can have one with the
/// same keys, and it gives out one sealer for each pair and epoch. So their nonces may count from 1. Safe from several
/// threads.
/// </summary>
public sealed class FrameSenderContext : IDisposable
{
    private readonly byte[] _baseSecret = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);
    private readonly Lock _turn = new();
    // One number for each pair, however many epochs it had.
    private readonly Dictionary<(Ipv6Address Source, Ipv6Address Destination), long> _nextIndex = [];
    private bool _disposed;

    private FrameSenderContext(Suite suite, EpochTimetable timetable)
    {
        Suite = suite;
        Timetable = timetable;
        RandomNumberGenerator.Fill(_baseSecret);
    }

    /// <summary>Names it.</summary>
    public ContextId ContextId { get; } = ContextId.NewRandom();
    /// <summary>The incarnation, which is this context.</summary>
    public IncarnationId IncarnationId { get; } = IncarnationId.NewRandom();
    /// <summary>The suite that enters its keys.</summary>
    public Suite Suite { get; }
    /// <summary>Its epochs.</summary>
    public EpochTimetable Timetable { get; }

    /// <summary>Begins a context with a fresh secret.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="timetable">Its epochs.</param>
    /// <exception cref="ArgumentException">There is no such suite, or the timetable is not valid.</exception>
    public static FrameSenderContext Begin(Suite suite, EpochTimetable timetable)
    {
        ArgumentNullException.ThrowIfNull(timetable);
        Suites.KeySize(suite);
        return timetable.TryValidate(out string? error)
            ? new FrameSenderContext(suite, timetable)
            : throw new ArgumentException(error, nameof(timetable));
    }

    /// <summary>The sealer of a pair in an epoch. There is one only: share it between threads. The epochs of a pair go
    /// forward only, so that one number tells which it had.</summary>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The final destination.</param>
    /// <param name="epochIndex">The epoch's index in <see cref="Timetable"/>.</param>
    /// <returns>The caller disposes it. It outlives this context.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No index of this context.</exception>
    /// <exception cref="InvalidOperationException">The pair had its sealer for this epoch, or for a later one.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public FrameSealer Sealer(Ipv6Address source, Ipv6Address destination, long epochIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epochIndex, (long)Timetable.Count);
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        try
        {
            TakeEpoch(source, destination, epochIndex, pairSecret);
            return FrameSealer.OfOnlySender(
                pairSecret, Suite, Timetable.EpochOf(epochIndex), ShortAesGcm.IsAccelerated);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
        }
    }

    /// <summary>Writes the secret of a pair, for the grant to its destination: whoever holds it reads, and can forge,
    /// this direction.</summary>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The final destination.</param>
    /// <param name="pairSecret">Receives 32 octets; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public void WritePairSecret(Ipv6Address source, Ipv6Address destination, Span<byte> pairSecret)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            KeyDerivation.PairSecret(_baseSecret, source, destination, pairSecret);
        }
    }

    /// <summary>Zeroes the base secret. The sealers stay.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_baseSecret);
        }
    }

    private void TakeEpoch(Ipv6Address source, Ipv6Address destination, long epochIndex, Span<byte> pairSecret)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ref long next = ref CollectionsMarshal.GetValueRefOrAddDefault(_nextIndex, (source, destination), out _);
            if (epochIndex < next)
                throw new InvalidOperationException(
                    "This pair had its sealer for this epoch or a later one: share that one.");
            next = epochIndex + 1;
            KeyDerivation.PairSecret(_baseSecret, source, destination, pairSecret);
        }
    }
}
