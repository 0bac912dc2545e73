using Pdm6.Wire;

namespace Pdm6.Security.Tests;

public sealed class NonceTests
{
    private static readonly FlowKey s_flow = new(default, default, 0x11, 0x2233, 0x4455);

    [Fact]
    public void Build_BaseNonceZero_ShowsTheFieldsInOrder() => Assert.Equal(
        "1101223344550abc01020304", Hex(s_flow, Carriage.UdpOption, 0x0abc, 0x01020304, new byte[12]));

    [Fact]
    public void Build_BaseNonce_IsXored()
    {
        byte[] ones = new byte[12];
        Array.Fill(ones, (byte)0xff);
        Assert.Equal("eefeddccbbaaf543fefdfcfb", Hex(s_flow, Carriage.UdpOption, 0x0abc, 0x01020304, ones));
    }

    [Fact]
    public void Build_AnyFieldDiffers_GivesAnotherNonce()
    {
        byte[] baseNonce = new byte[12];
        string[] nonces =
        [
            Hex(s_flow, Carriage.DestinationOptionV2, 1, 1, baseNonce),
            Hex(s_flow, Carriage.UdpOption, 1, 1, baseNonce),
            Hex(s_flow with { Protocol = 6 }, Carriage.DestinationOptionV2, 1, 1, baseNonce),
            Hex(s_flow with { SourcePort = 1 }, Carriage.DestinationOptionV2, 1, 1, baseNonce),
            Hex(s_flow with { DestinationPort = 1 }, Carriage.DestinationOptionV2, 1, 1, baseNonce),
            Hex(s_flow with { SourcePort = 0x4455, DestinationPort = 0x2233 },
                Carriage.DestinationOptionV2, 1, 1, baseNonce),
            Hex(s_flow, Carriage.DestinationOptionV2, 2, 1, baseNonce),
            Hex(s_flow, Carriage.DestinationOptionV2, 1, 2, baseNonce),
            Hex(s_flow, Carriage.DestinationOptionV2, 1, 0x80000001, baseNonce),
        ];
        Assert.Equal(nonces.Length, nonces.Distinct().Count());
    }

    [Fact]
    public void Build_WrongArguments_IsTheCallersMistake()
    {
        byte[] good = new byte[12], bad = new byte[13];
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Nonce.Build(good, s_flow, Carriage.UdpOption, 4096, 0, new byte[12]));
        Assert.Throws<ArgumentException>(() => Nonce.Build(bad, s_flow, Carriage.UdpOption, 0, 0, good));
        Assert.Throws<ArgumentException>(() => Nonce.Build(good, s_flow, Carriage.UdpOption, 0, 0, bad));
    }

    private static string Hex(FlowKey flow, Carriage carriage, ushort epoch, uint psntp, byte[] baseNonce)
    {
        byte[] nonce = new byte[12];
        Nonce.Build(baseNonce, flow, carriage, epoch, psntp, nonce);
        return Convert.ToHexStringLower(nonce);
    }
}
