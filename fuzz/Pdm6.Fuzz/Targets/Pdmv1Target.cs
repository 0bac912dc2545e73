using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="Pdmv1Option"/>: decode then encode is the identity.</summary>
internal sealed class Pdmv1Target : FuzzTarget
{
    public override string Name => "pdmv1";
    public override int LargestInput => 32;
    public override IEnumerable<byte[]> Seeds => [Samples.Pdm(0x0f, 10), [0x0f, 10]];
    public override IReadOnlyList<byte[]> Tokens => [[0x0f, 10]];

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!Pdmv1Option.TryRead(input, out Pdmv1Option option))
        {
            Expect.That(option == default, "what cannot be read gives nothing");
            return new FuzzOutcome(false, Math.Min(input.Length, 13));
        }
        Span<byte> again = stackalloc byte[Pdmv1Option.Size];
        option.Write(again);
        Expect.Equal(input[1..Pdmv1Option.Size], again[1..], "decode then encode is the identity");
        return new FuzzOutcome(true, 100 + Times.Check(option.DeltaTimeLastReceived) + 8 * Times.Check(option.DeltaTimeLastSent));
    }
}
