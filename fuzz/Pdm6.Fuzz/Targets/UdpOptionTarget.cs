using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="UdpOptionView"/>: parts add up to the whole; an area with our option alone, written again, is the
/// same. Octet 0 of the input says whether the area begins at an odd offset.</summary>
internal sealed class UdpOptionTarget : FuzzTarget
{
    public override string Name => "udp-option";
    public override int LargestInput => 320;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] option = new byte[UdpOption.ProtectedLength];
            UdpOption.WriteAssociatedData(option, isProtected: true, UdpOption.DefaultExId, 3, 4);
            byte[] others = [1, 1, 4, 4, 5, 0, 77, 3, 9, 78, 255, 0, 8, 1, 2, 3, 4, .. option, 1, 0, 0, 0];
            return
            [
                [0, .. Samples.ClearSurplus(false)], [1, .. Samples.ClearSurplus(true)],
                Repaired([0, 0, 0, .. option]), Repaired([1, 0, 0, 0, .. option]), Repaired([0, 0, 0, .. others]),
                Repaired([0, 0, 0, 3, 10, 0, 20, 0, 0, 0, 1, 0, 0]), Repaired([0, 0, 0, 192, 2]), Repaired([0, 0, 0, .. option, .. option]),
                Repaired([0, 0, 0, 127, 26, 0x50, 0x4d, 0x30, .. new byte[21]]),
            ];
        }
    }

    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    /// <summary>Makes pad and checksum right.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        if (size < 4)
            return size;
        bool isOdd = (room[0] & 1) != 0;
        if (isOdd)
            room[1] = 0;
        UdpOption.WriteChecksum(room[1..size], isOdd);
        return size;
    }

    private byte[] Repaired(byte[] input)
    {
        Repair(input, input.Length);
        return input;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return default;
        bool isOdd = (input[0] & 1) != 0;
        ReadOnlySpan<byte> area = input[1..];
        UdpOptionReadStatus status = UdpOptionView.TryRead(area, isOdd, UdpOption.DefaultExId, out UdpOptionView view);
        int kind = area.Length > 3 ? area[isOdd ? 3 : 2] : 0;
        if (status != UdpOptionReadStatus.Ok)
        {
            Expect.That(view.Octets.IsEmpty, "what cannot be read gives nothing");
            return new FuzzOutcome(false, (int)status * 1024 + kind * 4 + (area.Length < 28 ? 1 : 0));
        }
        Expect.Inside(area, view.Octets);
        Expect.Inside(view.Octets, view.MetricBlock);
        Expect.Inside(view.Octets, view.Tag);
        Expect.That(view.AssociatedData.Length + view.MetricBlock.Length + view.Tag.Length == view.Octets.Length, "lengths add up");
        Times.Check(view.MetricBlock);
        CheckWriting(area, isOdd, view);
        return new FuzzOutcome(true, 8192 + kind * 8 + (view.IsProtected ? 4 : 0) + (isOdd ? 2 : 0) + (area.Length > 45 ? 1 : 0));
    }

    private static void CheckWriting(ReadOnlySpan<byte> area, bool isOdd, in UdpOptionView view)
    {
        int alone = (view.IsProtected ? UdpOption.ProtectedSurplusSize : UdpOption.ClearSurplusSize) + (isOdd ? 1 : 0);
        Span<byte> again = stackalloc byte[UdpOption.ProtectedSurplusSize + 1];
        Span<byte> associatedData = stackalloc byte[UdpOption.AssociatedDataSize];
        UdpOption.WriteAssociatedData(associatedData, view.IsProtected, UdpOption.DefaultExId, view.Epoch, view.Psntp);
        Expect.Equal(view.AssociatedData, associatedData, "decode then encode is the identity");
        if (view.IsProtected)
            Expect.That(UdpOption.WriteProtected(again, isOdd, associatedData, view.MetricBlock, view.Tag) == alone, "lengths add up");
        else
            Expect.That(UdpOption.WriteClear(again, isOdd, view.Psntp, PdmMetrics.Read(view.MetricBlock)) == alone, "lengths add up");
        // The clear form is sent with epoch and reserved octets 0.
        bool isCanonical = view.IsProtected || (view.Epoch == 0 && view.MetricBlock[10] == 0 && view.MetricBlock[11] == 0);
        if (isCanonical && area.Length == alone && view.Octets.Overlaps(area, out int offset) && -offset == alone - view.Octets.Length)
            Expect.Equal(area, again[..alone], "decode then encode is the identity");
    }
}
