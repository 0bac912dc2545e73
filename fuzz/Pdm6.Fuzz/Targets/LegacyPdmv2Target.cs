using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="LegacyPdmv2OptionView"/>: parts add up to the whole.</summary>
internal sealed class LegacyPdmv2Target : FuzzTarget
{
    public override string Name => "pdmv2-legacy";
    public override int LargestInput => 64;
    public override IEnumerable<byte[]> Seeds => [Samples.Pdm(0x0f, 38), Samples.Pdm(0x0f, 34), Samples.Pdm(0x0f, 22)];
    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        Pdmv2ReadStatus status = LegacyPdmv2OptionView.TryRead(input, out LegacyPdmv2OptionView view);
        if (status != Pdmv2ReadStatus.Ok)
        {
            Expect.That(view.Octets.IsEmpty, "what cannot be read gives nothing");
            return new FuzzOutcome(false, (int)status * 64 + Math.Min(input.Length, 63));
        }
        Expect.Inside(input, view.Octets);
        Expect.Inside(view.Octets, view.MetricBlock);
        Expect.Inside(view.Octets, view.Tag);
        Expect.That(8 + view.MetricBlock.Length + view.Tag.Length == view.Octets.Length, "lengths add up");
        Expect.That(view.Tag.Length is 12 or 16 == view.IsProtected, "the protected forms have a tag");
        Expect.That((view.Epoch & ~0xfff) == 0, "an epoch has 12 bits");
        // Where both views read an option, they say the same.
        if (Pdmv2OptionView.TryRead(input, out Pdmv2OptionView current) == Pdmv2ReadStatus.Ok)
            Expect.That(current.Psntp == view.Psntp && current.Epoch == view.Epoch && current.IsProtected == view.IsProtected,
                "drafts 11 to 15 have their fields at the same places");
        return new FuzzOutcome(true, 1000 + view.Octets.Length);
    }
}
