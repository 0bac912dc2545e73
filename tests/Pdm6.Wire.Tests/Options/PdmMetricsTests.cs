namespace Pdm6.Wire.Tests;

public sealed class PdmMetricsTests
{
    private const string Octets = "0102030405060708090a00000b0c0d0e";
    private static readonly PdmMetrics s_metrics = new(
        0x01020304, 0x05060708, new PdmTime(0x0b0c, 0x09), new PdmTime(0x0d0e, 0x0a));

    [Fact]
    public void Write_Fields_AreWhereTheDraftPutsThem()
    {
        byte[] block = new byte[PdmMetrics.Size];
        Array.Fill(block, (byte)0xff);
        s_metrics.Write(block);
        Assert.Equal(Octets, Convert.ToHexStringLower(block));
    }

    [Fact]
    public void Read_ReservedOctets_AreIgnored()
    {
        byte[] block = Convert.FromHexString(Octets);
        Assert.Equal(s_metrics, PdmMetrics.Read(block));
        block[10] = block[11] = 0xff;
        Assert.Equal(s_metrics, PdmMetrics.Read(block));
    }

    [Fact]
    public void ReadAndWrite_OneOctetShort_IsTheCallersMistake()
    {
        Assert.ThrowsAny<ArgumentException>(() => PdmMetrics.Read(new byte[PdmMetrics.Size - 1]));
        Assert.ThrowsAny<ArgumentException>(() => s_metrics.Write(new byte[PdmMetrics.Size - 1]));
    }
}
