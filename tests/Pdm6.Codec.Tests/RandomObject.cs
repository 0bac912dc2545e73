namespace Pdm6.Codec.Tests;

/// <summary>Random objects that can be encoded, of every carriage.</summary>
internal static class RandomObject
{
    public const string Flow = Codec.Flow;

    public static string Next(Random random) => random.Next(6) switch
    {
        0 => $$"""{"carriage":"destopt-v1","psntp":{{U16(random)}},"psnlr":{{U16(random)}},{{Deltas(random)}}}""",
        1 => $$"""{"carriage":"destopt-v2-clear",{{Metrics(random)}}}""",
        2 => $$"""{"carriage":"destopt-v2",{{Sealed(random)}}}""",
        3 => $$"""{"carriage":"udp-option-clear","udpLength":{{random.Next(8, 65536)}},{{Metrics(random)}}}""",
        4 => $$"""{"carriage":"udp-option","udpLength":{{random.Next(8, 65536)}},{{Sealed(random)}}}""",
        _ => $$"""
            {"carriage":"udp-frame","flags":{{random.Next(4)}},"sequence":{{U32(random)}},"timestampMicroseconds":{{random.NextInt64()}},"tlvs":[{"type":{{random.Next(100, 65536)}},"value":"{{Hex(random)}}"}]}
            """,
    };

    private static string Sealed(Random random) =>
        $$"""
        "epoch":{{random.Next(4096)}},"flow":{{Flow}},{{Metrics(random)}}
        """;

    private static string Metrics(Random random) =>
        $"\"psntp\":{U32(random)},\"psnlr\":{U32(random)},\"globalPointer\":{U32(random)},{Deltas(random)}";

    private static string Deltas(Random random) =>
        $"\"scaleDtlr\":{random.Next(256)},\"scaleDtls\":{random.Next(256)},\"deltaTlr\":{U16(random)},\"deltaTls\":{U16(random)}";

    private static int U16(Random random) => random.Next(65536);

    private static uint U32(Random random) => (uint)random.NextInt64();

    private static string Hex(Random random)
    {
        byte[] octets = new byte[random.Next(20)];
        random.NextBytes(octets);
        return Convert.ToHexStringLower(octets);
    }
}
