using Pdm6.Fuzz.Engine;
using Pdm6.Fuzz.Targets;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Tests;

/// <summary>Every single bit of every genuine sealed message, and of the flow it was sealed for.</summary>
public sealed class BitFlipTests
{
    private const int TimeOctet = FlowKey.Size;

    [Fact]
    public void OptionOpening_AnySingleBitFlipped_IsRefused() => AssertRefused(new OptionOpeningTarget(), bit => bit / 8 != TimeOctet);

    [Fact]
    public void UdpOptionOpening_AnySingleBitFlippedAndTheChecksumMadeRight_IsRefused()
    {
        // The pad and the checksum are made right again; the octet that says whether there is a pad stays.
        AssertRefused(new UdpOptionOpeningTarget(), bit => bit / 8 is < TimeOctet or > TimeOctet + 3, repairs: true);
    }

    [Fact]
    public void FrameOpening_AnySingleBitFlipped_IsRefused() => AssertRefused(new FrameOpeningTarget(), bit => bit / 8 != 0);

    private static void AssertRefused(FuzzTarget target, Func<int, bool> counts, bool repairs = false)
    {
        int flipped = 0;
        foreach (byte[] seed in target.Seeds.Where(seed => target.Run(seed).IsAccepted))
            for (int bit = 0; bit < seed.Length * 8; bit++)
            {
                if (!counts(bit))
                    continue;
                byte[] forgery = [.. seed];
                forgery[bit / 8] ^= (byte)(1 << bit % 8);
                if (repairs)
                    target.Repair(forgery, forgery.Length);
                Assert.False(target.Run(forgery).IsAccepted, $"bit {bit} of {Convert.ToHexStringLower(seed)}");
                flipped++;
            }
        Assert.True(flipped > 300, "a sealed message has more bits than that");
    }
}
