using System.Buffers.Binary;
using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="UdpFrameView"/>: parts add up to the whole, and written again they are the same.</summary>
internal sealed class UdpFrameTarget : FuzzTarget
{
    public override string Name => "udp-frame";
    public override int LargestInput => 256;

    public override IEnumerable<byte[]> Seeds =>
    [
        [2, 0, 0, 0, 0, 0, 0, 1, 0, 6, 9, 0x69, 0xd4, 0x67, 0, 0, .. TlvTarget.All],
        [2, 3, 0, 0, 0, 0, 0, 1, 0, 6, 9, 0x69, 0xd4, 0x67, 0, 0, .. new byte[12], 0, 0, 0, 8, .. new byte[24]],
        [2, 5, 0, 9, 0, 0, 0, 1, 0, 6, 9, 0x69, 0xd4, 0x67, 0, 0, .. new byte[12], 0, 0, 0, 0, .. new byte[16]],
    ];

    public override IReadOnlyList<byte[]> Tokens => TlvTarget.AllTokens;

    /// <summary>Makes version and length of an encrypted frame right.</summary>
    public override int Repair(Span<byte> room, int size)
    {
        if (size == 0)
            return size;
        room[0] = UdpFrame.Version;
        if (size >= UdpFrame.SealedOverhead && (room[1] & 1) != 0)
            BinaryPrimitives.WriteUInt32BigEndian(room[28..], (uint)(size - UdpFrame.SealedOverhead));
        return size;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        UdpFrameReadStatus status = UdpFrameView.TryRead(input, out UdpFrameView view);
        if (status != UdpFrameReadStatus.Ok)
        {
            Expect.That(view.Header == default, "what cannot be read gives nothing");
            return new FuzzOutcome(false, (int)status * 64 + Math.Min(input.Length, 63));
        }
        Expect.Inside(input, view.AssociatedData);
        Expect.Inside(input, view.Nonce);
        Expect.Inside(input, view.Ciphertext);
        Expect.Inside(input, view.Tag);
        Expect.Inside(input, view.ClearTlvs);
        int length = view.IsEncrypted ? 4 : 0;
        Expect.That(
            view.AssociatedData.Length + view.Nonce.Length + length + view.Ciphertext.Length + view.Tag.Length + view.ClearTlvs.Length == input.Length,
            "lengths add up");
        Span<byte> again = stackalloc byte[256];
        if (view.IsEncrypted)
            UdpFrame.WriteSealedPrefix(again, view.Header, view.Nonce, view.Ciphertext.Length);
        else
            view.Header.Write(again);
        // Reserved flags, and a key id without its flag, are not sent again.
        Expect.That(again[0] == input[0] && again[1] == (input[1] & 7), "decode then encode is the identity");
        if ((input[1] & 4) != 0)
            Expect.Equal(input[2..4], again[2..4], "decode then encode is the identity");
        Expect.Equal(input[4..16], again[4..16], "decode then encode is the identity");
        if (view.IsEncrypted)
            Expect.Equal(input[16..32], again[16..32], "decode then encode is the identity");
        int kinds = TlvTarget.Check(view.ClearTlvs, out bool isMalformed);
        Expect.That(!isMalformed, "clear TLVs are well-formed");
        return new FuzzOutcome(true, 1000 + (input[1] & 7) + kinds * 8);
    }
}
