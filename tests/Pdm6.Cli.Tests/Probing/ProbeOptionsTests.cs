using Pdm6.Cli.Probing;

namespace Pdm6.Cli.Tests.Probing;

public sealed class ProbeOptionsTests
{
    [Theory]
    [InlineData(null, 0u)]
    [InlineData("74565", 0x12345u)]
    [InlineData("0x12345", 0x12345u)]
    [InlineData("0xFFFFF", 0xfffffu)]
    public void FlowLabel_DecimalOrHexadecimal_IsANumber(string? text, uint label) => Assert.Equal(label, ProbeOptions.FlowLabelOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData("1048576")]
    [InlineData("0x100000")]
    [InlineData("12345h")]
    public void FlowLabel_AnythingElse_IsRefused(string text) => Assert.Throws<WrongUseException>(() => ProbeOptions.FlowLabelOf(text));
}
