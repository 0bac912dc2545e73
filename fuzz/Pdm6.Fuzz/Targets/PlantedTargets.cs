using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz.Targets;

/// <summary>Decoders with a fault each, of the kinds that this fuzzer is for: the tests prove that it finds them.</summary>
internal static class PlantedTargets
{
    private delegate FuzzOutcome Decoder(ReadOnlySpan<byte> input);

    /// <summary>Makes them all.</summary>
    public static FuzzTarget[] Create() =>
    [
        new Planted("throws", Throws), new Planted("hides-behind-three-checks", HidesBehindThreeChecks), new Planted("allocates", Allocates),
        new Planted("changes-a-value", ChangesAValue), new Planted("accepts-a-forgery", AcceptsAForgery),
        new Planted("reads-too-far", ReadsTooFar), new Planted("reads-too-early", ReadsTooEarly), new Planted("hangs", Hangs),
    ];

    /// <summary>A length octet of FF behind the right type is taken as -1.</summary>
    private static FuzzOutcome Throws(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3 || input[0] != 0x1e)
            return default;
        _ = input[..(sbyte)input[1]].Length;
        return new FuzzOutcome(true, input[1] / 16);
    }

    /// <summary>Three octets must be right, of which no seed has one: one after the other they are found, at once hardly
    /// ever.</summary>
    private static FuzzOutcome HidesBehindThreeChecks(ReadOnlySpan<byte> input)
    {
        int right = 0;
        foreach (byte octet in (ReadOnlySpan<byte>)[0xc3, 0x5a, 0x99])
        {
            if (input.Length <= right || input[right] != octet)
                return new FuzzOutcome(false, right);
            right++;
        }
        throw new InvalidOperationException("all three were right");
    }

    private static FuzzOutcome Allocates(ReadOnlySpan<byte> input) =>
        input.Length > 20 && input[3] == 0x80 ? new FuzzOutcome(true, input.ToArray().Length) : default;

    /// <summary>A number is read as signed and written as something else.</summary>
    private static FuzzOutcome ChangesAValue(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return default;
        short value = (short)(input[0] << 8 | input[1]);
        Expect.That(Math.Abs((int)value) == (input[0] << 8 | input[1]), "decode then encode is the identity");
        return new FuzzOutcome(true, input[0]);
    }

    /// <summary>Of a tag of four octets only one is compared.</summary>
    private static FuzzOutcome AcceptsAForgery(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> genuine = Samples.Pdm(0x1e, 38);
        bool isAccepted = input.Length == genuine.Length && input[..^3].SequenceEqual(genuine[..^3]);
        Expect.That(!isAccepted || input.SequenceEqual(genuine), "no forgery is accepted");
        return new FuzzOutcome(isAccepted, 0);
    }

    private static FuzzOutcome ReadsTooFar(ReadOnlySpan<byte> input) =>
        input.IsEmpty ? default : new FuzzOutcome(true, Unsafe.Add(ref MemoryMarshal.GetReference(input), input.Length));

    private static FuzzOutcome ReadsTooEarly(ReadOnlySpan<byte> input) =>
        input.IsEmpty ? default : new FuzzOutcome(true, Unsafe.Add(ref MemoryMarshal.GetReference(input), -1));

    /// <summary>An option of length 0 is walked over for ever.</summary>
    private static FuzzOutcome Hangs(ReadOnlySpan<byte> input)
    {
        for (int at = 1; at < input.Length; at += input[at])
            Thread.Yield();
        return new FuzzOutcome(true, input.Length);
    }

    private sealed class Planted(string fault, Decoder decoder) : FuzzTarget
    {
        public override bool AllocatesNothing => fault == "allocates";
        public override string Name => fault;
        public override IEnumerable<byte[]> Seeds => [Samples.Pdm(0x1e, 38)];
        public override FuzzOutcome Run(ReadOnlySpan<byte> input) => decoder(input);
    }
}
