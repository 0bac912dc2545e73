using System.Buffers.Binary;
using Pdm6.Capture;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Decryption;
using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>What decrypts captures, packet by packet: nothing opens but what was sealed, and the packet with the clear
/// form in it is as whole, and its checksum as right, as it was before.</summary>
internal sealed class CaptureDecryptTarget : FuzzTarget
{
    private const int RawIpv6 = 229;
    private const byte Ipv6InIpv6 = 41;

    private static readonly WireSettings s_wire = new() { FramePort = Samples.Flow.DestinationPort };

    private readonly ChecksumTarget _packets = new();
    private readonly PacketDecryptor _decryptor, _keyless = new(new CaptureKeys(), s_wire);
    private readonly byte[] _tlvs = TlvTarget.All;

    public CaptureDecryptTarget()
    {
        CaptureKeys keys = new(LabKeys.File(LabKeys.FrameKey));
        keys.AddBaseSecret(LabKeys.File(LabKeys.BaseSecret), Suite.Aes256Gcm);
        _decryptor = new PacketDecryptor(keys, s_wire);
    }

    public override string Name => "capture-decrypt";
    public override int Share => 2;
    public override bool AllocatesNothing => false; // a copy of each packet that holds something sealed

    public override IEnumerable<byte[]> Seeds =>
    [
        .. Genuine, .. Genuine.Concat(Samples.Packets).Select(packet =>
        {
            Repair(packet, packet.Length);
            return packet;
        }),
        ChecksumThatComesTo0(),
    ];

    /// <summary>A frame whose clear form has a checksum of 0, which UDP sends as FFFF: what the source port gains, the
    /// checksum loses.</summary>
    private byte[] ChecksumThatComesTo0()
    {
        byte[] packet = Samples.Packet(NextHeader.Udp, Udp(LabKeys.SealedFrame(LabKeys.FrameKey, UdpFrameFlags.Encrypted, 0, _tlvs)));
        Repair(packet, packet.Length);
        _decryptor.TryDecrypt(new CapturedFrame(packet, 0, RawIpv6, 0), out ReadOnlySpan<byte> clear);
        int port = Samples.Flow.SourcePort + BinaryPrimitives.ReadUInt16BigEndian(clear[46..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(40), (ushort)(port + (port >> 16)));
        Repair(packet, packet.Length);
        return packet;
    }

    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    private IEnumerable<byte[]> Genuine
    {
        get
        {
            byte[] option = LabKeys.SealedOption(Samples.Flow, 9);
            byte[] alone = Samples.Packet(NextHeader.DestinationOptions, Samples.OptionsHeader(NextHeader.Udp, option), Samples.Udp(4));
            byte[] udp = Udp(LabKeys.SealedFrame(LabKeys.FrameKey, UdpFrameFlags.Encrypted, 0, _tlvs));
            byte[] surplus = LabKeys.SealedSurplus(isOdd: false, 4), router = Samples.OptionsHeader(NextHeader.Udp, [5, 2, 0, 0]);
            return
            [
                alone, Samples.Packet(Ipv6InIpv6, alone),
                Samples.Packet(NextHeader.HopByHop, Samples.OptionsHeader(NextHeader.DestinationOptions, [5, 2, 0, 0]),
                    Samples.OptionsHeader(NextHeader.Udp, [6, 1, 2], option, [7, 0]), Samples.Udp(0)),
                Samples.Packet(NextHeader.Udp, Samples.Udp(5), LabKeys.SealedSurplus(isOdd: true, 3)),
                Samples.Packet(NextHeader.Udp, Samples.Udp(0), surplus),
                Samples.Packet(NextHeader.Udp, udp),
                // Authentic, and not well-formed; in clear; of another key.
                Samples.Packet(NextHeader.Udp, Udp(LabKeys.SealedFrame(LabKeys.FrameKey, UdpFrameFlags.Encrypted, 0, [0, 100, 0, 9]))),
                Samples.Packet(NextHeader.Udp, Udp([2, 0, .. new byte[14], 0, 100, 0, 0])),
                Samples.Packet(NextHeader.Udp, Udp(LabKeys.SealedFrame(LabKeys.PairSecret, UdpFrameFlags.Encrypted, 0, _tlvs))),
                // Jumbo payloads say their length elsewhere, and are left as they are.
                Jumbo(Samples.OptionsHeader(NextHeader.DestinationOptions, [5, 2, 0, 0]), Samples.OptionsHeader(NextHeader.Udp, option), Samples.Udp(0)),
                Jumbo(router, Samples.Udp(0), surplus), Jumbo(router, udp),
            ];
        }
    }

    private static byte[] Udp(byte[] data)
    {
        byte[] udp = Samples.Udp(data.Length);
        data.CopyTo(udp, 8);
        return udp;
    }

    private static byte[] Jumbo(params byte[][] parts)
    {
        byte[] packet = Samples.Packet(NextHeader.HopByHop, parts);
        packet[4] = packet[5] = 0;
        return packet;
    }

    public override int Repair(Span<byte> room, int size) => _packets.Repair(room, size);

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        CapturedFrame frame = new(input, LabKeys.Start, RawIpv6, (uint)input.Length);
        Expect.That(_keyless.TryDecrypt(frame, out _) != OpenResult.Opened, "no forgery is accepted");
        OpenResult? result = _decryptor.TryDecrypt(frame, out ReadOnlySpan<byte> clear);
        if (result != OpenResult.Opened)
        {
            Expect.That(clear.IsEmpty, "what does not open gives nothing");
            return new FuzzOutcome(false, result is { } reason ? 100 + (int)reason : Math.Min(input.Length, 41));
        }
        Expect.That(!clear.Overlaps(input) && clear.Length <= input.Length, "the clear form is no longer, and the frame stays");
        Ipv6PacketView.TryRead(input, out Ipv6PacketView before);
        Expect.That(Ipv6PacketView.TryRead(clear, out Ipv6PacketView after), "what comes out is a packet");
        Expect.That(!before.IsWhole || after.IsWhole, "a whole packet stays whole");
        Expect.That(before.UpperProtocol == after.UpperProtocol && before.End == after.End, "the upper layer stays");
        bool wasRight = InternetChecksum.TryVerify(before, out bool isRight) && isRight;
        Expect.That(!wasRight || (InternetChecksum.TryVerify(after, out isRight) && isRight), "a checksum that was right stays right");
        CheckClear(clear);
        return new FuzzOutcome(true, 200 + (int)_decryptor.Carrier * 4 + (wasRight ? 2 : 0) + (before.UpperProtocol == Ipv6InIpv6 ? 1 : 0));
    }

    /// <summary>The clear form says what was sealed: the lab's keys sealed nothing else.</summary>
    private void CheckClear(ReadOnlySpan<byte> octets)
    {
        while (Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet))
        {
            octets = packet.UpperProtocol == Ipv6InIpv6 ? packet.UpperLayer : default;
            if (new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket option))
            {
                if (option.Form != PdmOptionForm.Clear)
                    continue;
                int block = option.IsUdpOption ? UdpOption.AssociatedDataSize : Pdmv2OptionView.AssociatedDataSize;
                if (PdmMetrics.Read(option.Octets[block..]) == Samples.Metrics)
                    return;
            }
            else if (packet.UpperLayer.Length >= 8 && UdpFrameView.TryRead(DataOf(packet.UpperLayer), out UdpFrameView frame) == UdpFrameReadStatus.Ok
                && frame.ClearTlvs.SequenceEqual(_tlvs))
            {
                return;
            }
        }
        throw new BrokenInvariantException("no forgery is accepted");
    }

    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> udp) =>
        udp[8..Math.Clamp(BinaryPrimitives.ReadUInt16BigEndian(udp[4..]), 8, udp.Length)];
}
