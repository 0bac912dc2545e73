using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec.Vectors;

/// <summary>The secrets, flows and numbers that the vectors are made from. They protect nothing.</summary>
internal static class Sample
{
    /// <summary>Octets 00 to 1f.</summary>
    public static byte[] BaseSecret { get; } = Count(0x00, KeyDerivation.SecretSize);

    /// <summary>Octets 20 to 3f.</summary>
    public static byte[] FrameKey { get; } = Count(0x20, KeyDerivation.FrameKeySize);

    /// <summary>Octets 00 to 0b.</summary>
    public static byte[] FrameNonce { get; } = Count(0x00, Nonce.Size);

    public static PdmMetrics Metrics { get; } = new(
        41, 1000, PdmTime.FromNanoseconds(1_000_000), PdmTime.FromNanoseconds(20_000_000));

    /// <summary>The members of <see cref="Metrics"/>.</summary>
    public static string MetricsJson { get; } = JsonOf(Metrics);

    public static Ipv6Address Source { get; } = Ipv6Address.Parse("2001:db8::1");
    public static Ipv6Address Destination { get; } = Ipv6Address.Parse("2001:db8:0:1::2");

    public static FlowKey Udp { get; } = new(Source, Destination, NextHeader.Udp, 5353, 53);
    public static FlowKey Tcp { get; } = new(Source, Destination, NextHeader.Tcp, 49152, 443);
    public static FlowKey EchoRequest { get; } = new(Source, Destination, NextHeader.Icmpv6, 128 << 8, 0xbeef);
    public static FlowKey EchoReply { get; } = new(Destination, Source, NextHeader.Icmpv6, 129 << 8, 0xbeef);
    public static FlowKey TimeExceeded { get; } = new(Source, Destination, NextHeader.Icmpv6, 3 << 8 | 1, 0);
    public static FlowKey WithoutPorts { get; } = new(Source, Destination, 89, 0, 0);

    /// <summary>The secret of a flow's address pair.</summary>
    public static byte[] PairSecretOf(FlowKey flow)
    {
        byte[] secret = new byte[KeyDerivation.SecretSize];
        KeyDerivation.PairSecret(BaseSecret, flow.Source, flow.Destination, secret);
        return secret;
    }

    /// <summary>A flow as the codec takes it.</summary>
    public static string JsonOf(FlowKey flow)
    {
        string ends = $$"""
            {"source":"{{flow.Source}}","destination":"{{flow.Destination}}","protocol":{{flow.Protocol}}
            """;
        return flow.Protocol == NextHeader.Icmpv6
            ? $$"""{{ends}},"icmpType":{{flow.IcmpType}},"icmpCode":{{flow.SourcePort & 0xff}},"identifier":{{flow.DestinationPort}}}"""
            : $$"""{{ends}},"sourcePort":{{flow.SourcePort}},"destinationPort":{{flow.DestinationPort}}}""";
    }

    /// <summary>Metrics as members.</summary>
    public static string JsonOf(PdmMetrics metrics) =>
        $"\"psnlr\":{metrics.Psnlr},\"globalPointer\":{metrics.GlobalPointer},"
        + JsonOf(metrics.DeltaTimeLastReceived, metrics.DeltaTimeLastSent);

    /// <summary>Two deltas as members.</summary>
    public static string JsonOf(PdmTime received, PdmTime sent) =>
        $"\"scaleDtlr\":{received.Scale},\"scaleDtls\":{sent.Scale},\"deltaTlr\":{received.Value},\"deltaTls\":{sent.Value}";

    private static byte[] Count(int first, int size) =>
        [.. Enumerable.Range(first, size).Select(octet => (byte)octet)];
}
