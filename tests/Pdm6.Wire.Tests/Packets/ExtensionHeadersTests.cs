using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public class ExtensionHeadersTests
{
    private static (byte[] Types, byte Next, int Offset, HeaderChainEnd End) Walk(byte first, params byte[][] parts)
    {
        byte[] octets = [.. parts.SelectMany(p => p)];
        List<byte> types = [];
        ExtensionHeaders.Enumerator walk = new ExtensionHeaders(first, octets).GetEnumerator();
        while (walk.MoveNext())
        {
            types.Add(walk.Current.Type);
        }
        return ([.. types], walk.NextHeader, walk.Offset, walk.End);
    }

    [Fact]
    public void Walk_ThreeHeaders_EndsAtTheUpperLayer()
    {
        byte[] hopByHop = PacketBytes.OptionsHeader(NextHeader.Routing, PacketBytes.Option(5, 0, 0));
        byte[] last = PacketBytes.OptionsHeader(NextHeader.Udp, PacketBytes.Pdmv2(38));
        var walked = Walk(NextHeader.HopByHop, hopByHop, PacketBytes.Routing(NextHeader.DestinationOptions), last, [1, 2, 3]);
        Assert.Equal([NextHeader.HopByHop, NextHeader.Routing, NextHeader.DestinationOptions], walked.Types);
        Assert.Equal((NextHeader.Udp, 8 + 8 + 48, HeaderChainEnd.UpperLayer), (walked.Next, walked.Offset, walked.End));
    }

    [Theory]
    [InlineData(NextHeader.Tcp, HeaderChainEnd.UpperLayer)]
    [InlineData(NextHeader.None, HeaderChainEnd.NoNextHeader)]
    [InlineData(NextHeader.Esp, HeaderChainEnd.Esp)]
    public void Walk_NoExtensionHeader_EndsThere(byte next, HeaderChainEnd end)
    {
        Assert.Equal((0, end), (Walk(next, new byte[64]).Offset, Walk(next, new byte[64]).End));
        var behindOne = Walk(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(next), new byte[64]);
        Assert.Equal((8, end), (behindOne.Offset, behindOne.End));
    }

    [Fact]
    public void Walk_AuthenticationHeader_IsPassed()
    {
        var walked = Walk(NextHeader.AuthenticationHeader, PacketBytes.Authentication(NextHeader.Udp), [1, 2, 3]);
        Assert.Equal([NextHeader.AuthenticationHeader], walked.Types);
        Assert.Equal((NextHeader.Udp, 24, HeaderChainEnd.UpperLayer), (walked.Next, walked.Offset, walked.End));
    }

    [Fact]
    public void Walk_FirstFragmentOrWholePacket_IsPassed()
    {
        foreach (bool hasMore in new[] { false, true })
        {
            var walked = Walk(NextHeader.Fragment, PacketBytes.Fragment(NextHeader.Udp, 0, hasMore), [1, 2, 3]);
            Assert.Equal([NextHeader.Fragment], walked.Types);
            Assert.Equal((NextHeader.Udp, 8, HeaderChainEnd.UpperLayer), (walked.Next, walked.Offset, walked.End));
        }
    }

    [Fact]
    public void Walk_LaterFragment_EndsThere()
    {
        foreach (ushort offset in new ushort[] { 8, 256, 0xfff8 })
        {
            var walked = Walk(NextHeader.Fragment, PacketBytes.Fragment(NextHeader.DestinationOptions, offset, true), new byte[64]);
            Assert.Equal((0, HeaderChainEnd.Fragment), (walked.Offset, walked.End));
        }
    }

    [Theory]
    [InlineData(NextHeader.AuthenticationHeader)]
    [InlineData(NextHeader.Fragment)]
    public void Walk_OtherHeaderCutAnywhere_SaysSo(byte type)
    {
        byte[] header = type == NextHeader.Fragment
            ? PacketBytes.Fragment(NextHeader.Udp, 0, false) : PacketBytes.Authentication(NextHeader.Udp);
        for (int length = 0; length < header.Length; length++)
            Assert.Equal(HeaderChainEnd.CutShort, Walk(type, header[..length]).End);
    }

    [Fact]
    public void Walk_CutAnywhere_GivesWholeHeadersOnly()
    {
        byte[] whole =
        [
            .. PacketBytes.OptionsHeader(NextHeader.DestinationOptions, PacketBytes.Option(5, 0, 0)),
            .. PacketBytes.OptionsHeader(NextHeader.Udp, PacketBytes.Pdmv2(38)),
        ];
        for (int length = 0; length < whole.Length; length++)
        {
            var walked = Walk(NextHeader.HopByHop, whole[..length]);
            Assert.Equal((length < 8 ? 0 : 8, HeaderChainEnd.CutShort), (walked.Offset, walked.End));
        }
        Assert.Equal(HeaderChainEnd.UpperLayer, Walk(NextHeader.HopByHop, whole).End);
    }

    [Fact]
    public void Walk_LongestHeader_IsReadAsUnsigned()
    {
        byte[] longest = new byte[256 * 8];
        (longest[0], longest[1]) = (NextHeader.Udp, 255);
        Assert.Equal((2048, HeaderChainEnd.UpperLayer), (Walk(NextHeader.DestinationOptions, longest).Offset,
            Walk(NextHeader.DestinationOptions, longest).End));
        Assert.Equal(HeaderChainEnd.CutShort, Walk(NextHeader.DestinationOptions, longest[..^1]).End);
    }

    [Fact]
    public void Options_PaddingBetweenThem_IsLeftOut()
    {
        byte[] header = PacketBytes.OptionsHeader(NextHeader.Udp,
            [0], PacketBytes.Option(5, 1), PacketBytes.Option(1, 0, 0), [0, 0], PacketBytes.Option(1), PacketBytes.Option(6));
        Assert.Equal([[5, 1, 1], [6, 0]], OptionsOf(header));
    }

    [Theory]
    [InlineData(new byte[] { NextHeader.Udp, 0, 5, 1, 7, 6, 2, 0 })]
    [InlineData(new byte[] { NextHeader.Udp, 0, 5, 1, 7, 1, 2, 0 })]
    [InlineData(new byte[] { NextHeader.Udp, 0, 5, 1, 7, 0, 0, 6 })]
    public void Options_OneRunsPastTheHeader_EndThere(byte[] header) => Assert.Equal([[5, 1, 7]], OptionsOf(header));

    [Fact]
    public void Options_OfNoOptionsHeader_AreNone()
    {
        byte[] octets =
        [
            .. PacketBytes.Routing(NextHeader.Fragment), .. PacketBytes.Fragment(NextHeader.AuthenticationHeader, 0, true),
            .. PacketBytes.Authentication(NextHeader.Udp),
        ];
        int headers = 0;
        foreach (ExtensionHeader header in new ExtensionHeaders(NextHeader.Routing, octets))
        {
            headers++;
            Assert.False(header.Options.GetEnumerator().MoveNext());
        }
        Assert.Equal(3, headers);
    }

    [Fact]
    public void Options_OneRunsPastTheHeader_MarksItAsMalformed()
    {
        Assert.True(IsMalformed([NextHeader.Udp, 0, 5, 1, 7, 6, 2, 0]));
        Assert.True(IsMalformed([NextHeader.Udp, 0, 5, 1, 7, 0, 0, 6]));
        Assert.False(IsMalformed([NextHeader.Udp, 0, 5, 1, 7, 6, 1, 0]));
        Assert.False(IsMalformed([NextHeader.Udp, 0, 5, 1, 7, 0, 0, 0]));
    }

    private static bool IsMalformed(byte[] header)
    {
        ExtensionHeaders.Enumerator headers = new ExtensionHeaders(NextHeader.HopByHop, header).GetEnumerator();
        Assert.True(headers.MoveNext());
        HeaderOptions.Enumerator options = headers.Current.Options.GetEnumerator();
        while (options.MoveNext())
        {
            // to the end
        }
        return options.IsMalformed;
    }

    private static List<byte[]> OptionsOf(byte[] header)
    {
        List<byte[]> options = [];
        foreach (ExtensionHeader whole in new ExtensionHeaders(NextHeader.DestinationOptions, header))
        {
            foreach (ReadOnlySpan<byte> option in whole.Options)
                options.Add(option.ToArray());
        }
        return options;
    }
}
