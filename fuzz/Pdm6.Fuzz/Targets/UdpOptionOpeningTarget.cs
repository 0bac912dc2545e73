using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>
/// <see cref="OptionOpener.TryOpenUdpOption"/> and <see cref="PairOpener"/> with UDP options: nothing opens but what was
/// sealed, in the flow it was sealed for, and both answer alike. The input is a flow, an octet that says whether the
/// area begins at an odd offset, and a surplus area.
/// </summary>
internal sealed class UdpOptionOpeningTarget : FuzzTarget
{
    private const int AreaOffset = FlowKey.Size + 1;

    private readonly OptionOpener _opener = new(OpenerMode.Analysis, new OpenerLimits(4, 64, 64, 16));
    private readonly PairOpener _pairOpener = PairOpener.FromPairSecret(LabKeys.PairSecret, Suite.Aes256Gcm, LabKeys.Epoch);
    private readonly byte[][] _genuine;

    public UdpOptionOpeningTarget()
    {
        _opener.Add(LabKeys.Announcement, LabKeys.BaseSecret);
        _genuine = [Genuine(isOdd: false, 0), Genuine(isOdd: true, uint.MaxValue)];
    }

    public override string Name => "udp-option-opening";
    public override int LargestInput => AreaOffset + 100;
    public override bool AllocatesNothing => false; // keys of pairs not met before are derived
    public override IEnumerable<byte[]> Seeds => [.. _genuine, [.. _genuine[0][..AreaOffset], .. Samples.ClearSurplus(false)]];
    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    /// <summary>Makes pad and checksum right: else nearly nothing would get as far as the tag.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        if (size < AreaOffset + 3)
            return size;
        bool isOdd = (room[FlowKey.Size] & 1) != 0;
        if (isOdd)
            room[AreaOffset] = 0;
        UdpOption.WriteChecksum(room[AreaOffset..size], isOdd);
        return size;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < AreaOffset)
            return default;
        FlowKey flow = FlowKey.Read(input);
        bool isOdd = (input[FlowKey.Size] & 1) != 0;
        UdpOptionReadStatus status = UdpOptionView.TryRead(input[AreaOffset..], isOdd, UdpOption.DefaultExId, out UdpOptionView option);
        if (status != UdpOptionReadStatus.Ok)
            return new FuzzOutcome(false, (int)status);
        OpenResult result = _opener.TryOpenUdpOption(flow, option, LabKeys.Start, out OpenedOption opened);
        bool isOpened = result == OpenResult.Opened;
        Expect.That((opened == default) != isOpened, "what does not open gives nothing");
        if (isOpened)
        {
            Expect.That(IsGenuine(flow, option.Octets), "no forgery is accepted");
            Expect.That(opened.Metrics == Samples.Metrics, "what was sealed is opened");
        }
        if (option.IsProtected)
            CheckPairOpener(flow, option, isOpened);
        return new FuzzOutcome(isOpened, 100 + (int)result + (isOdd ? 10 : 0));
    }

    private void CheckPairOpener(in FlowKey flow, in UdpOptionView option, bool isOpened)
    {
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        bool opens = _pairOpener.TryOpen(
            flow, Carriage.UdpOption, option.Psntp, option.AssociatedData, option.MetricBlock, option.Tag, block);
        Expect.That(!opens || IsGenuine(flow with { Source = Samples.Flow.Source, Destination = Samples.Flow.Destination }, option.Octets),
            "no forgery is accepted");
        Expect.That(opens || block.IndexOfAnyExcept((byte)0) < 0, "a wrong tag leaves zeros");
        Expect.That(!isOpened || opens, "a pair opener opens what the opener opens");
    }

    private bool IsGenuine(in FlowKey flow, ReadOnlySpan<byte> option)
    {
        foreach (byte[] genuine in _genuine)
            if (FlowKey.Read(genuine) == flow && genuine.AsSpan(genuine.Length - option.Length).SequenceEqual(option))
                return true;
        return false;
    }

    private static byte[] Genuine(bool isOdd, uint psntp)
    {
        byte[] surplus = LabKeys.SealedSurplus(isOdd, psntp), input = new byte[AreaOffset + surplus.Length];
        Samples.Flow.Write(input);
        input[FlowKey.Size] = isOdd ? (byte)1 : (byte)0;
        surplus.CopyTo(input, AreaOffset);
        return input;
    }
}
