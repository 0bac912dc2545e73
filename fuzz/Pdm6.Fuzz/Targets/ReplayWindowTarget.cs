using System.Buffers.Binary;
using Pdm6.Fuzz.Engine;
using Pdm6.Security;

namespace Pdm6.Fuzz.Targets;

/// <summary>
/// <see cref="ReplayWindow"/> against the simplest model: a set of all numbers accepted. Octet 0 of the input chooses the
/// size of the window; then follow steps: an octet that says how to make the next number, and its operand.
/// </summary>
internal sealed class ReplayWindowTarget : FuzzTarget
{
    private readonly HashSet<ulong> _accepted = [];

    public override string Name => "replay-window";
    public override int LargestInput => 256;
    public override int Share => 5;
    public override bool AllocatesNothing => false; // a window for each input

    public override IEnumerable<byte[]> Seeds =>
    [
        [0, 0, 1, 0, 2, 0, 1, 1, 3, 2, 0, 70, 1, 64],
        [3, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0, 0, 1, 1, 1, 0, 15, 1, 15],
        [9, 2, 1, 0, 2, 0, 200, 1, 9, 1, 200, 0, 0],
    ];

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return default;
        ReplayWindow window = new(1 + input[0]);
        Expect.That(window.Size > input[0], "a window is at least as large as asked for");
        _accepted.Clear();
        ulong highest = 0;
        int seen = 0;
        for (input = input[1..]; TryNext(ref input, highest, out ulong number);)
        {
            bool isTooOld = highest >= number && highest - number >= (ulong)window.Size;
            bool expected = !isTooOld && !_accepted.Contains(number);
            Expect.That(window.WouldAccept(number) == expected, "each number is accepted once, and none that is too old");
            Expect.That(window.TryAccept(number) == expected, "each number is accepted once, and none that is too old");
            seen |= isTooOld ? 1 : expected ? (number > highest ? 2 : 4) : 8;
            if (!expected)
                continue;
            _accepted.Add(number);
            highest = Math.Max(highest, number);
        }
        return new FuzzOutcome((seen & 6) != 0, seen + 16 * Math.Min(_accepted.Count, 63));
    }

    /// <summary>The next number: ahead or behind by one octet or two, or any.</summary>
    private static bool TryNext(ref ReadOnlySpan<byte> input, ulong highest, out ulong number)
    {
        number = 0;
        int size = input.IsEmpty ? int.MaxValue : (input[0] & 3) switch { 0 or 1 => 2, 2 => 3, _ => 9 };
        if (input.Length < size)
            return false;
        number = (input[0] & 3) switch
        {
            0 => highest + input[1],
            1 => highest - input[1],
            2 => highest + BinaryPrimitives.ReadUInt16BigEndian(input[1..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(input[1..]),
        };
        input = input[size..];
        return true;
    }
}
