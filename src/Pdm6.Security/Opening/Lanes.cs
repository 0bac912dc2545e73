using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>Four options side by side, as <see cref="ShortAesGcm.OpenFour"/> wants them.</summary>
internal sealed class Lanes
{
    public const int Count = ShortAesGcm.LaneCount;

    private readonly int[] _slots = new int[Count];
    private readonly ShortAesGcm[] _keys = new ShortAesGcm[Count];
    private readonly byte[] _nonces = new byte[Count * Nonce.Size];
    private readonly byte[] _options = new byte[Count * Pdmv2OptionView.ProtectedSize];
    private readonly byte[] _blocks = new byte[Count * PdmMetrics.Size];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Put(
        int lane, int slot, ShortAesGcm key, ReadOnlySpan<byte> baseNonce, in FlowKey flow, ushort epoch, uint psntp,
        ReadOnlySpan<byte> option)
    {
        _slots[lane] = slot;
        _keys[lane] = key;
        Nonce.BuildChecked(
            baseNonce, flow, Carriage.DestinationOptionV2, epoch, psntp,
            _nonces.AsSpan(lane * Nonce.Size, Nonce.Size));
        // In the pieces in which it will be read: a processor forwards what it just wrote only then.
        Span<byte> copy = _options.AsSpan(lane * Pdmv2OptionView.ProtectedSize, Pdmv2OptionView.ProtectedSize);
        MemoryMarshal.Write(copy, MemoryMarshal.Read<ulong>(option));
        option = option[Pdmv2OptionView.AssociatedDataSize..];
        copy = copy[Pdmv2OptionView.AssociatedDataSize..];
        Vector128.Create(option).CopyTo(copy);
        Vector128.Create(option[PdmMetrics.Size..]).CopyTo(copy[PdmMetrics.Size..]);
    }

    /// <summary>The session slot whose key a lane was given.</summary>
    public int Slot(int lane) => _slots[lane];

    /// <summary>Bit i tells that lane i is authentic.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Open() => ShortAesGcm.OpenFour(_keys, _nonces, _options, _blocks);

    public PdmMetrics Metrics(int lane) => PdmMetrics.Read(_blocks.AsSpan(lane * PdmMetrics.Size, PdmMetrics.Size));
}
