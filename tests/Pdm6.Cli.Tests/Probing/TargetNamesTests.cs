using System.Net.NetworkInformation;
using Pdm6.Cli.Probing;
using Pdm6.Probe;
using Pdm6.Wire;

namespace Pdm6.Cli.Tests.Probing;

public sealed class TargetNamesTests
{
    private const string LinkLocal = "fe80::1";
    private static readonly NetworkInterface s_loopback =
        NetworkInterface.GetAllNetworkInterfaces().First(candidate => candidate.NetworkInterfaceType == NetworkInterfaceType.Loopback);

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::1", "2001:db8::1")]
    [InlineData("edge\t 2001:db8::1", "edge", "2001:db8::1")]
    public void ParseLine_HostOrNameAndHost_IsBoth(string line, string name, string host) =>
        Assert.Equal((name, host), TargetNames.ParseLine(line));

    [Fact]
    public void ParseLine_ThreeWords_IsRefused() =>
        Assert.Contains("a b c", Assert.Throws<WrongUseException>(() => TargetNames.ParseLine("a b c")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Resolve_LinkLocal_TakesTheZoneOrElseTheInterface()
    {
        ProbeTarget zoned = await ResolveAsync($"{LinkLocal}%{s_loopback.Name}", null), bare = await ResolveAsync(LinkLocal, s_loopback.Name);

        Assert.Equal((uint)s_loopback.GetIPProperties().GetIPv6Properties().Index, zoned.ScopeId);
        Assert.Equal((zoned.ScopeId, Ipv6Address.Parse(LinkLocal)), (bare.ScopeId, bare.Address));
    }

    [Theory]
    [InlineData("192.0.2.1", null, "only IPv6")]
    [InlineData("::ffff:192.0.2.1", null, "only IPv6")]
    [InlineData(LinkLocal, null, "add its interface")]
    [InlineData(LinkLocal, "no-such-if", "no network interface 'no-such-if'")]
    [InlineData(LinkLocal + "%no-such-if", null, "no network interface 'no-such-if'")]
    public async Task Resolve_WhatCannotBeAsked_IsRefusedWithTheReason(string host, string? @interface, string reason) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<WrongUseException>(() => ResolveAsync(host, @interface))).Message, StringComparison.Ordinal);

    private static async Task<ProbeTarget> ResolveAsync(string host, string? @interface) =>
        Assert.Single(await TargetNames.ResolveAsync([(host, host)], 8250, @interface, CancellationToken.None));
}
