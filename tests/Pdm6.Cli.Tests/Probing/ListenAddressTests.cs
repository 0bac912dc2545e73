using Pdm6.Cli.Probing;
using Pdm6.Wire;

namespace Pdm6.Cli.Tests.Probing;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(null, "::", 8250)]
    [InlineData("[::]:9000", "::", 9000)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 8250)]
    [InlineData("2001:db8::1", "2001:db8::1", 8250)]
    [InlineData("[::1]:0", "::1", 0)]
    public void Parse_WhatUsersWrite_IsAddressAndPort(string? text, string address, int port) =>
        Assert.Equal(new ListenAddress(Ipv6Address.Parse(address), (ushort)port), ListenAddress.Parse(text, 8250));

    [Theory]
    [InlineData("")]
    [InlineData("[::]:")]
    [InlineData("[::]:70000")]
    [InlineData("[::]8250")]
    [InlineData("192.0.2.1:8250")]
    [InlineData("eth0")]
    public void Parse_AnythingElse_IsRefusedWithAnExample(string text) =>
        Assert.Contains("[::]:8250", Assert.Throws<WrongUseException>(() => ListenAddress.Parse(text, 8250)).Message, StringComparison.Ordinal);
}
