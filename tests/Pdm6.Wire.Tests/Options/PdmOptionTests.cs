using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public class PdmOptionTests
{
    [Theory]
    [InlineData(0x1e, 38, 2, PdmOptionForm.Protected)]
    [InlineData(0x0f, 38, 2, PdmOptionForm.LegacyProtected)]
    [InlineData(0x0f, 34, 2, PdmOptionForm.LegacyProtected)]
    [InlineData(0x1e, 34, 2, PdmOptionForm.Malformed)]
    [InlineData(0x1e, 22, 2, PdmOptionForm.Clear)]
    [InlineData(0x0f, 22, 2, PdmOptionForm.LegacyClear)]
    [InlineData(0x0f, 10, 0, PdmOptionForm.ClearV1)]
    [InlineData(0x0f, 10, 2, PdmOptionForm.ClearV1)]
    [InlineData(0x1e, 10, 2, PdmOptionForm.Malformed)]
    [InlineData(0x0f, 34, 3, PdmOptionForm.UnknownVersion)]
    [InlineData(0x0f, 35, 2, PdmOptionForm.Malformed)]
    [InlineData(0x1e, 38, 3, PdmOptionForm.UnknownVersion)]
    [InlineData(0x1e, 22, 0, PdmOptionForm.UnknownVersion)]
    [InlineData(0x1e, 39, 2, PdmOptionForm.Malformed)]
    [InlineData(0x1e, 1, 2, PdmOptionForm.Malformed)]
    [InlineData(0x1e, 1, 3, PdmOptionForm.UnknownVersion)]
    [InlineData(0x0f, 1, 2, PdmOptionForm.Malformed)]
    [InlineData(0x0f, 1, 1, PdmOptionForm.UnknownVersion)]
    [InlineData(0x05, 38, 2, PdmOptionForm.None)]
    public void FormOf_TypeLengthAndVersion_Decide(byte type, byte length, byte version, PdmOptionForm form) =>
        Assert.Equal(form, PdmOption.FormOf(PacketBytes.Pdmv2(length, type, version)));

    [Fact]
    public void FormOf_AnotherOptionTypeInUse_IsTheOnlyOneBesidesTheLegacyType()
    {
        Assert.Equal(PdmOptionForm.Protected, PdmOption.FormOf(PacketBytes.Pdmv2(38, type: 0x3e), optionType: 0x3e));
        Assert.Equal(PdmOptionForm.None, PdmOption.FormOf(PacketBytes.Pdmv2(38, type: 0x1e), optionType: 0x3e));
    }

    [Fact]
    public void FormOf_OptionTooShortToTell_IsMalformedOrNone()
    {
        Assert.Equal(PdmOptionForm.None, PdmOption.FormOf([]));
        Assert.Equal(PdmOptionForm.None, PdmOption.FormOf([5]));
        Assert.Equal(PdmOptionForm.Malformed, PdmOption.FormOf([0x1e]));
        Assert.Equal(PdmOptionForm.Malformed, PdmOption.FormOf([0x1e, 0]));
        Assert.Equal(PdmOptionForm.Malformed, PdmOption.FormOf([0x1e, 38, 0x20]));
    }
}
