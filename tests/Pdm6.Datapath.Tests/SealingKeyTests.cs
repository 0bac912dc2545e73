namespace Pdm6.Datapath.Tests;

public class SealingKeyTests
{
    [Theory]
    [InlineData(44, 16, 12, 0)]
    [InlineData(60, 12, 12, 0)]
    [InlineData(60, 16, 16, 0)]
    [InlineData(60, 16, 12, 1)]
    public void Pack_WrongLengths_IsTheCallersMistake(int scheduleWords, int hashKeySize, int baseNonceSize, int tooLong) =>
        Assert.Throws<ArgumentException>(() => KernelKey.Pack(
            new uint[scheduleWords], new byte[hashKeySize], new byte[baseNonceSize], new byte[KernelDatapath.PackedKeySize + tooLong]));

    [Fact]
    public void Pack_OverAnotherKey_LeavesNothingOfIt()
    {
        byte[] fresh = new byte[KernelDatapath.PackedKeySize];
        byte[] reused = [.. Enumerable.Repeat((byte)0xff, KernelDatapath.PackedKeySize)];
        uint[] schedule = [.. Enumerable.Range(1, 60).Select(i => (uint)i * 0x9e3779b9)];
        byte[] h = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] baseNonce = [.. Enumerable.Range(100, 12).Select(i => (byte)i)];

        KernelKey.Pack(schedule, h, baseNonce, fresh);
        KernelKey.Pack(schedule, h, baseNonce, reused);

        Assert.Equal(fresh, reused);
        Assert.Equal(baseNonce, fresh[^16..^4]);
    }
}
