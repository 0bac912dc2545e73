using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class LegacyPdmv2OptionViewTests
{
    [Theory]
    [InlineData(22, false, 0)]
    [InlineData(34, true, 12)]
    [InlineData(38, true, 16)]
    public void TryRead_EachForm_GivesTheFields(byte length, bool isProtected, int tagSize)
    {
        byte[] option = PacketBytes.Pdmv2(length, Pdmv1Option.OptionType);
        for (int i = 2; i < option.Length; i++)
            option[i] = (byte)(0x20 + i);
        byte[] longer = [.. option, 1, 2, 3];

        Assert.Equal(Pdmv2ReadStatus.Ok, LegacyPdmv2OptionView.TryRead(longer, out LegacyPdmv2OptionView view));

        Assert.Equal((isProtected, 0x223, 0x24252627u), (view.IsProtected, view.Epoch, view.Psntp));
        Assert.Equal(option[8..24], view.MetricBlock.ToArray());
        Assert.Equal(option[24..], view.Tag.ToArray());
        Assert.Equal(tagSize, view.Tag.Length);
        Assert.Equal(option, view.Octets.ToArray());
    }

    [Fact]
    public void TryRead_EveryLengthAndSize_AcceptsTheThreeFormsOnly()
    {
        for (int length = 0; length <= byte.MaxValue; length++)
            for (int size = 0; size <= 64; size++)
            {
                byte[] option = new byte[size];
                if (size > 1)
                    option[1] = (byte)length;
                if (size > 2)
                    option[2] = 0x20;
                bool ok = length is 22 or 34 or 38 && size >= length + 2;
                Assert.Equal(
                    ok ? Pdmv2ReadStatus.Ok : Pdmv2ReadStatus.Malformed, LegacyPdmv2OptionView.TryRead(option, out _));
            }
    }

    [Fact]
    public void TryRead_EveryVersion_Knows2Only()
    {
        for (byte version = 0; version < 16; version++)
        {
            byte[] option = PacketBytes.Pdmv2(34, Pdmv1Option.OptionType, version);
            Pdmv2ReadStatus expected = version == 2 ? Pdmv2ReadStatus.Ok : Pdmv2ReadStatus.UnknownVersion;
            Assert.Equal(expected, LegacyPdmv2OptionView.TryRead(option, out LegacyPdmv2OptionView view));
            Assert.Equal(version != 2, view.Octets.IsEmpty);
        }
    }
}
