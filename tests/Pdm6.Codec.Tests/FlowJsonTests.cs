using Pdm6.Codec.Objects;
using Pdm6.Wire;

namespace Pdm6.Codec.Tests;

public sealed class FlowJsonTests
{
    private const string Ends = "\"source\":\"2001:db8::1\",\"destination\":\"2001:db8::2\"";

    [Theory]
    [InlineData("\"protocol\":17,\"sourcePort\":5353,\"destinationPort\":53", 17, 5353, 53)]
    [InlineData("\"protocol\":6,\"sourcePort\":0,\"destinationPort\":0", 6, 0, 0)]
    [InlineData("\"protocol\":89", 89, 0, 0)]
    [InlineData("\"protocol\":89,\"sourcePort\":0,\"destinationPort\":0", 89, 0, 0)]
    [InlineData("\"protocol\":58,\"icmpType\":128,\"icmpCode\":0,\"identifier\":48879", 58, 0x8000, 48879)]
    [InlineData("\"protocol\":58,\"icmpType\":129,\"icmpCode\":1", 58, 0x8101, 0)]
    [InlineData("\"protocol\":58,\"icmpType\":3,\"icmpCode\":1,\"identifier\":0", 58, 0x0301, 0)]
    [InlineData("\"protocol\":58,\"sourcePort\":33024,\"destinationPort\":7", 58, 0x8100, 7)]
    public void TryParse_Flow_GivesItsFiveFields(string members, byte protocol, ushort sourcePort, ushort destinationPort)
    {
        Assert.True(FlowJson.TryParse($"{{{Ends},{members}}}", out FlowKey flow, out string? error), error);
        Assert.Equal(
            new FlowKey(
                Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), protocol, sourcePort, destinationPort),
            flow);
    }

    [Theory]
    [InlineData("", "flow")]
    [InlineData("7", "flow")]
    [InlineData("{}", "flow")]
    [InlineData("{" + Ends + "}", "flow")]
    [InlineData("{" + Ends + ",\"protocol\":256}", "protocol")]
    [InlineData("{" + Ends + ",\"protocol\":\"17\"}", "protocol")]
    [InlineData("{" + Ends + ",\"protocol\":89,\"protocol\":89}", "protocol")]
    [InlineData("{" + Ends + ",\"protocol\":17}", "sourcePort")]
    [InlineData("{" + Ends + ",\"protocol\":17,\"sourcePort\":1}", "sourcePort")]
    [InlineData("{" + Ends + ",\"protocol\":17,\"sourcePort\":65536,\"destinationPort\":1}", "sourcePort")]
    [InlineData("{" + Ends + ",\"protocol\":89,\"sourcePort\":1}", "sourcePort")]
    [InlineData("{" + Ends + ",\"protocol\":58}", "icmpType")]
    [InlineData("{" + Ends + ",\"protocol\":58,\"icmpType\":128}", "icmpType")]
    [InlineData("{" + Ends + ",\"protocol\":58,\"icmpType\":256,\"icmpCode\":0}", "icmpType")]
    [InlineData("{" + Ends + ",\"protocol\":58,\"icmpType\":3,\"icmpCode\":0,\"identifier\":1}", "identifier")]
    [InlineData("{" + Ends + ",\"protocol\":58,\"sourcePort\":768,\"destinationPort\":1}", "identifier")]
    [InlineData("{" + Ends + ",\"protocol\":58,\"icmpType\":3,\"icmpCode\":0,\"sourcePort\":1,\"destinationPort\":1}", "icmpType")]
    [InlineData("{" + Ends + ",\"protocol\":17,\"sourcePort\":1,\"destinationPort\":1,\"icmpType\":3}", "icmpType")]
    [InlineData("{\"source\":\"192.0.2.1\"}", "source")]
    [InlineData("{\"source\":\"fe80::1%eth0\"}", "source")]
    [InlineData("{\"source\":\"2001:db8::1/64\"}", "source")]
    [InlineData("{\"source\":\"\"}", "source")]
    [InlineData("{\"source\":7}", "source")]
    [InlineData("{\"source\":null}", "source")]
    [InlineData("{\"port\":7}", "port")]
    [InlineData("{" + Ends + ",\"protocol\":89} {}", "flow")]
    public void TryParse_NoFlow_NamesTheMember(string text, string member)
    {
        Assert.False(FlowJson.TryParse(text, out _, out string? error));
        Assert.StartsWith(member, error);
    }
}
