using System.Buffers.Binary;
using Pdm6.Capture;
using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="CaptureReader"/>: never throws, gives no more than there is, and gives the same from a stream that
/// hands out an octet at a time.</summary>
internal abstract class CaptureTarget : FuzzTarget
{
    private readonly byte[] _copy = new byte[1024];

    public override int LargestInput => 1024;
    public override int Share => 1;
    public override bool AllocatesNothing => false; // a reader and its buffer for each input

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        input.CopyTo(_copy);
        (long frames, long octets, int kinds, string? problem) = Read(new MemoryStream(_copy, 0, input.Length));
        Expect.That(octets <= input.Length, "frames hold no more than the capture");
        if ((input.Length & 7) == 0) // an eighth of the inputs: it doubles the time
            Expect.That(Read(new DrippingStream(_copy, input.Length)) == (frames, octets, kinds, problem), "how a stream hands out its octets makes no difference");
        WireCensus census = WireCensus.Take(new CaptureReader(new MemoryStream(_copy, 0, input.Length)));
        Expect.That(census.Frames == frames && census.Ipv6Packets <= frames, "the census counts every frame");
        int wrong = problem is null ? 0 : problem.Contains("cut", StringComparison.Ordinal) ? 1 : problem.Contains("malformed", StringComparison.Ordinal) ? 2 : 3;
        return new FuzzOutcome(problem is null && frames > 0, wrong + 4 * (int)Math.Min(frames, 7) + 32 * kinds);
    }

    private static (long Frames, long Octets, int Kinds, string? Problem) Read(Stream stream)
    {
        using CaptureReader reader = new(stream);
        long frames = 0, octets = 0;
        int kinds = 0;
        while (reader.TryReadNext(out CapturedFrame frame))
        {
            frames++;
            octets += frame.Octets.Length;
            if (!frame.TryFindIpv6(out ReadOnlySpan<byte> packet))
                continue;
            Expect.Inside(frame.Octets, packet);
            kinds |= Ipv6PacketView.TryRead(packet, out _) ? 2 : 1;
            kinds |= frame.LinkType switch { 1 => 4, 101 or 229 => 8, 113 => 16, _ => 32 };
        }
        return (frames, octets, kinds, reader.Problem);
    }

    /// <summary>An Ethernet frame with a packet.</summary>
    protected static byte[] Ethernet(bool hasVlan) =>
        [.. new byte[12], .. hasVlan ? (byte[])[0x81, 0, 0, 5] : [], 0x86, 0xdd, .. Samples.Packets.ElementAt(8)];

    protected static byte[] U16(ushort value, bool isBigEndian)
    {
        byte[] octets = new byte[2];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(octets, value);
        return octets;
    }

    protected static byte[] U32(uint value, bool isBigEndian) =>
        isBigEndian ? [.. U16((ushort)(value >> 16), true), .. U16((ushort)value, true)] : [.. U16((ushort)value, false), .. U16((ushort)(value >> 16), false)];

    /// <summary>Hands out one octet at a time.</summary>
    private sealed class DrippingStream(byte[] octets, int size) : MemoryStream(octets, 0, size)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
