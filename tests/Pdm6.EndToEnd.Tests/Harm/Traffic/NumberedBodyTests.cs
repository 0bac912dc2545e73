namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>A changed octet is seen, wherever it is.</summary>
public class NumberedBodyTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1232)]
    [InlineData(65_000)]
    public void TryRead_OctetChanged_IsWrongOrAnotherNumber(int octets)
    {
        byte[] body = new byte[octets];
        NumberedBody.Write(body, 77);
        Assert.True(NumberedBody.TryRead(body, out ulong number));
        Assert.Equal(77ul, number);

        for (int place = 0; place < octets; place += Math.Max(1, octets / 100))
        {
            body[place] ^= 0x10;
            Assert.False(NumberedBody.TryRead(body, out ulong other) && other == 77, $"octet {place}");
            body[place] ^= 0x10;
        }
    }

    [Fact]
    public void TryRead_TooShortForANumber_IsWrong() => Assert.False(NumberedBody.TryRead(new byte[NumberedBody.SmallestSize - 1], out _));
}
