using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="Pdmv2OptionView"/>: parts add up to the whole, and the header written again is the same.</summary>
internal sealed class Pdmv2Target : FuzzTarget
{
    public override string Name => "pdmv2";
    public override int LargestInput => 64;
    public override IEnumerable<byte[]> Seeds => [Samples.Pdm(0x1e, 38), Samples.Pdm(0x1e, 22), [0x1e, 2, 0x30, 0]];
    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        Pdmv2ReadStatus status = Pdmv2OptionView.TryRead(input, out Pdmv2OptionView view);
        if (status != Pdmv2ReadStatus.Ok)
        {
            Expect.That(view.Octets.IsEmpty, "what cannot be read gives nothing");
            return new FuzzOutcome(false, (int)status * 64 + Math.Min(input.Length, 63));
        }
        Expect.Inside(input, view.Octets);
        Expect.Inside(view.Octets, view.AssociatedData);
        Expect.Inside(view.Octets, view.MetricBlock);
        Expect.Inside(view.Octets, view.Tag);
        Expect.That(view.AssociatedData.Length + view.MetricBlock.Length + view.Tag.Length == view.Octets.Length, "lengths add up");
        Expect.That(view.Tag.Length == (view.IsProtected ? 16 : 0), "the protected form has a tag");
        Span<byte> again = stackalloc byte[Pdmv2OptionView.AssociatedDataSize];
        Pdmv2OptionView.WriteHeader(again, view.OptionType, view.IsProtected, view.Epoch, view.Psntp);
        Expect.Equal(view.AssociatedData, again, "decode then encode is the identity");
        int times = Times.Check(view.MetricBlock);
        return new FuzzOutcome(true, 1000 + times * 4 + (view.IsProtected ? 2 : 0) + (input.Length > view.Octets.Length ? 1 : 0));
    }
}
