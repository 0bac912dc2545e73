using System.Diagnostics;
using Pdm6.Capture.Tests.Support;

namespace Pdm6.Capture.Tests;

public class PcapngWriterTests
{
    private static byte[] Written(Action<PcapngWriter> write)
    {
        MemoryStream stream = new();
        using (PcapngWriter writer = new(stream))
            write(writer);
        return stream.ToArray();
    }

    [Fact]
    public void Writer_InterfacesAndPackets_AreReadBack()
    {
        byte[] capture = Written(writer =>
        {
            writer.BeginSection("a test");
            Assert.Equal(0, writer.AddInterface(1, 0));
            Assert.Equal(1, writer.AddInterface(276, 96, "a name"));
            for (int size = 0; size < 9; size++)
                writer.WritePacket(size % 2, 1_700_000_000_123_456_789ul + (ulong)size, new byte[size], (uint)size + 7);
        });
        using CaptureReader reader = new(new MemoryStream(capture));
        for (int size = 0; size < 9; size++)
        {
            Assert.True(reader.TryReadNext(out CapturedFrame frame));
            Assert.Equal((size, size % 2 == 0 ? 1 : 276, 1_700_000_000_123_456_789ul + (ulong)size, (uint)size + 7),
                (frame.Octets.Length, frame.LinkType, frame.TimestampNs, frame.OriginalLength));
        }
        Assert.False(reader.TryReadNext(out _));
        Assert.Null(reader.Problem);
    }

    [Fact]
    public void Writer_PacketsLargerThanItsBuffer_AreReadBack()
    {
        byte[] large = new byte[1 << 20];
        new Random(1).NextBytes(large);
        byte[] capture = Written(writer =>
        {
            writer.BeginSection("");
            writer.AddInterface(1, 0);
            writer.WritePacket(0, 1, [1, 2, 3], 3);
            writer.WritePacket(0, 2, large, (uint)large.Length);
            writer.WriteCustom(CustomBlockKind.Announcement, large);
            writer.WritePacket(0, 3, [4], 1);
        });
        using CaptureReader reader = new(new MemoryStream(capture));
        List<byte[]> frames = [];
        while (reader.TryReadNext(out CapturedFrame frame))
            frames.Add(frame.Octets.ToArray());
        Assert.Null(reader.Problem);
        Assert.Equal([[1, 2, 3], large, [4]], frames);
    }

    [Fact]
    public void Writer_InterfaceThatIsNotThere_IsTheCallersMistake() => Written(writer =>
    {
        writer.BeginSection("");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WritePacket(0, 1, [], 0));
        writer.AddInterface(1, 0);
        writer.BeginSection("");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WritePacket(0, 1, [], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddInterface(65_536, 0));
    });

    [CaptureToolsFact]
    public void Writer_WhatItWrites_TsharkReadsTheSame()
    {
        using TemporaryFiles files = new();
        string path = files.Path("written.pcapng");
        File.WriteAllBytes(path, Written(writer =>
        {
            writer.BeginSection("a test");
            int ethernet = writer.AddInterface(1, 65_535, "eth0");
            writer.WriteCustom(CustomBlockKind.Announcement, "{}"u8);
            writer.WritePacket(ethernet, 1_700_000_000_123_456_789, Frames.Udp(Frames.Sealed), 999);
        }));
        using Process tshark = Process.Start(new ProcessStartInfo(
            "tshark", ["-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len", "-e", "frame.interface_name", "-e", "udp.dstport"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string line = tshark.StandardOutput.ReadToEnd();
        tshark.WaitForExit();
        // tshark also shows a line for each custom block.
        line = line[(line.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        Assert.Equal($"1700000000.123456789\t999\t{Frames.Udp(Frames.Sealed).Length}\teth0\t53\n", line);
    }
}
