using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Decryption;

/// <summary>
/// A captured frame that is being rewritten: some octets of its innermost packet go, and whatever counts octets is put
/// right. All sizes that go are multiples of 8, so that headers keep their alignment.
/// </summary>
internal sealed class FrameEdit
{
    private const int PayloadLengthOffset = 4;

    private readonly byte[] _octets;
    private readonly int[] _packets;

    /// <param name="frame">The frame.</param>
    /// <param name="packets">Where the IPv6 headers begin, the outermost first.</param>
    public FrameEdit(ReadOnlySpan<byte> frame, ReadOnlySpan<int> packets)
    {
        _octets = frame.ToArray();
        _packets = packets.ToArray();
        Length = frame.Length;
    }

    /// <summary>Octets that the frame has by now.</summary>
    public int Length { get; private set; }

    public Span<byte> Octets => _octets.AsSpan(0, Length);

    /// <summary>Takes octets out, and off every payload length. False if that cannot be told by the lengths: a jumbo
    /// payload (RFC 2675).</summary>
    public bool TryRemove(int offset, int count)
    {
        foreach (int packet in _packets)
            if (BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(packet + PayloadLengthOffset)) < count)
                return false;
        foreach (int packet in _packets)
        {
            Span<byte> length = _octets.AsSpan(packet + PayloadLengthOffset);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(length) - count));
        }
        _octets.AsSpan((offset + count)..Length).CopyTo(_octets.AsSpan(offset));
        Length -= count;
        return true;
    }

    /// <summary>Where the extension header of the innermost packet begins that holds an offset, from the start of the
    /// frame. One of them does: the caller's view of an option lies in it.</summary>
    public int HeaderAround(int offset)
    {
        int packet = _packets[^1];
        Ipv6PacketView.TryRead(Octets[packet..], out Ipv6PacketView view);
        int begin = packet + Ipv6PacketView.FixedHeaderSize;
        foreach (ExtensionHeader header in view.ExtensionHeaders)
        {
            if (offset < begin + header.Octets.Length)
                break;
            begin += header.Octets.Length;
        }
        return begin;
    }
}
