using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Pdm6.Capture;
using Pdm6.Codec;
using Pdm6.Registration.Tests.Server;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>A capture of UDP packets whose options are sealed under a pair secret.</summary>
internal static class SealedCapture
{
    private const int RawIpv6 = 229;
    private const int OptionsHeader = 48;

    /// <summary>Packets of the context's first epoch, 0.</summary>
    public static byte[] Make(byte[] pairSecret, string source, string destination, ulong beganUnixNs, int packets)
    {
        using TemporaryDirectory directory = new();
        string secretFile = Path.Combine(directory.Path, "pair-secret");
        File.WriteAllText(secretFile, Convert.ToHexStringLower(pairSecret));
        File.SetUnixFileMode(secretFile, UnixFileMode.UserRead);
        using CodecKeys keys = CodecKeys.Load(secretFile, null);
        LineEncoder encoder = new(keys);
        MemoryStream capture = new();
        using (PcapngWriter writer = new(capture))
        {
            writer.BeginSection("tests");
            int on = writer.AddInterface(RawIpv6, 65535);
            for (uint i = 0; i < packets; i++)
            {
                byte[] packet = Packet(source, destination, Option(encoder, source, destination, psntp: i));
                writer.WritePacket(on, beganUnixNs + ((i + 1) * 1_000_000), packet, (uint)packet.Length);
            }
        }
        return capture.ToArray();
    }

    private static byte[] Option(LineEncoder encoder, string source, string destination, uint psntp)
    {
        ArrayBufferWriter<byte> answer = new();
        bool isMade = encoder.Answer(Encoding.ASCII.GetBytes(
            $$$"""
            {"carriage":"destopt-v2","epoch":0,"psntp":{{{psntp}}},"psnlr":0,"globalPointer":1,"scaleDtlr":0,"scaleDtls":0,"deltaTlr":0,"deltaTls":0,
            "flow":{"source":"{{{source}}}","destination":"{{{destination}}}","protocol":17,"sourcePort":1000,"destinationPort":53}}
            """.ReplaceLineEndings("")), answer);
        string text = Encoding.ASCII.GetString(answer.WrittenSpan);
        Assert.True(isMade, text);
        return Convert.FromHexString(text);
    }

    private static byte[] Packet(string source, string destination, byte[] option)
    {
        byte[] packet = new byte[40 + OptionsHeader + 8];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), OptionsHeader + 8);
        (packet[6], packet[7]) = (60, 64);
        Ipv6Address.Parse(source).Write(packet.AsSpan(8));
        Ipv6Address.Parse(destination).Write(packet.AsSpan(24));
        (packet[40], packet[41]) = (17, (OptionsHeader / 8) - 1);
        option.CopyTo(packet, 42);
        (packet[82], packet[83]) = (1, 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(88), 1000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(90), 53);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(92), 8);
        return packet;
    }
}
