using System.Buffers.Binary;
using System.Text;

namespace Pdm6.Capture;

/// <summary>
/// Writes pcapng (draft-ietf-opsawg-pcapng), little-endian, block after block: nothing is held back but one buffer.
/// Time stamps are Unix nanoseconds. See <see cref="PcapngFormat"/> for the blocks.
/// </summary>
public sealed class PcapngWriter : IDisposable
{
    /// <summary>
    /// Private Enterprise Number of pdm6's custom blocks: the one for documentation (RFC 5612), as pdm6 has none of its
    /// own. <see cref="CustomBlockMagic"/> tells ours from others.
    /// </summary>
    public const uint EnterpriseNumber = 32473;

    /// <summary>Custom Block that may be copied to other files (section 4.7).</summary>
    internal const uint CustomBlock = 0x0bad;

    private const int BufferSize = 1 << 16;
    private const ushort InterfaceName = 2;
    private const ushort UserApplication = 4;
    private const byte NanosecondResolution = 9;
    private const int OptionHeaderSize = 4;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[BufferSize];
    private int _used;
    private int _interfaces;

    /// <summary>Writes to a stream, which is closed with the writer.</summary>
    public PcapngWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
    }

    /// <summary>The first octets of a custom block of ours.</summary>
    public static ReadOnlySpan<byte> CustomBlockMagic => "pdm6"u8;

    /// <summary>Begins a section; its interfaces are numbered from 0 again.</summary>
    /// <param name="application">What writes it.</param>
    public void BeginSection(string application)
    {
        ArgumentNullException.ThrowIfNull(application);
        byte[] name = Encoding.UTF8.GetBytes(application);
        Span<byte> body = Begin(PcapngFormat.SectionHeader, 16 + OptionSize(name.Length) + OptionHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(body, PcapngFormat.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], -1); // length not told
        WriteOption(body[16..], UserApplication, name);
        _interfaces = 0;
    }

    /// <summary>Describes an interface and returns its number in the section.</summary>
    /// <param name="linkType">LINKTYPE_ value.</param>
    /// <param name="snapLength">Octets that a frame has at most; 0 if there is no bound.</param>
    /// <param name="name">Its name, if it has one.</param>
    public int AddInterface(int linkType, uint snapLength, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(linkType);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(linkType, ushort.MaxValue);
        byte[] octets = name is null ? [] : Encoding.UTF8.GetBytes(name);
        int nameSize = name is null ? 0 : OptionSize(octets.Length);
        Span<byte> body = Begin(PcapngFormat.InterfaceDescription, 8 + nameSize + OptionSize(1) + OptionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)linkType);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], snapLength);
        if (name is not null)
            WriteOption(body[8..], InterfaceName, octets);
        WriteOption(body[(8 + nameSize)..], PcapngFormat.TimestampResolution, [NanosecondResolution]);
        return _interfaces++;
    }

    /// <summary>Writes one packet.</summary>
    /// <param name="fromInterface">What <see cref="AddInterface"/> returned.</param>
    /// <param name="timestampNs">Unix time, nanoseconds.</param>
    /// <param name="octets">What was captured of it.</param>
    /// <param name="originalLength">Octets that it had on the wire.</param>
    public void WritePacket(int fromInterface, ulong timestampNs, ReadOnlySpan<byte> octets, uint originalLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)fromInterface, (uint)_interfaces);
        Span<byte> body = Begin(PcapngFormat.EnhancedPacket, 20 + Padded(octets.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(body, (uint)fromInterface);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], (uint)(timestampNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], (uint)timestampNs);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], (uint)octets.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(body[16..], originalLength);
        octets.CopyTo(body[20..]);
    }

    /// <summary>Writes a custom block of pdm6: magic, kind, octets.</summary>
    public void WriteCustom(CustomBlockKind kind, ReadOnlySpan<byte> octets)
    {
        int headerSize = 4 + CustomBlockMagic.Length + 4 + 4;
        Span<byte> body = Begin(CustomBlock, headerSize + Padded(octets.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(body, EnterpriseNumber);
        CustomBlockMagic.CopyTo(body[4..]);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], (uint)kind);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], (uint)octets.Length);
        octets.CopyTo(body[headerSize..]);
    }

    /// <summary>Writes octets as they are: whole blocks of another capture.</summary>
    internal void WriteRaw(ReadOnlySpan<byte> blocks) => blocks.CopyTo(Take(blocks.Length));

    /// <summary>Makes room for a block that is to be filled in before the next call.</summary>
    internal Span<byte> WriteRaw(int size) => Take(size);

    /// <summary>Hands everything written so far to the stream.</summary>
    public void Flush()
    {
        WriteOut();
        _stream.Flush();
    }

    /// <summary>Writes what is left and closes the stream.</summary>
    public void Dispose()
    {
        WriteOut();
        _stream.Dispose();
    }

    private static int Padded(int size) => size + 3 & ~3;

    private static int OptionSize(int valueSize) => OptionHeaderSize + Padded(valueSize);

    private static void WriteOption(Span<byte> destination, ushort code, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, code);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)value.Length);
        value.CopyTo(destination[OptionHeaderSize..]);
    }

    /// <summary>Makes a block whose body, all zero, is to be filled in before the next call.</summary>
    private Span<byte> Begin(uint type, int bodySize)
    {
        int size = PcapngFormat.BlockOverhead + bodySize;
        Span<byte> block = Take(size);
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], size);
        BinaryPrimitives.WriteInt32LittleEndian(block[(size - 4)..], size);
        return block.Slice(PcapngFormat.BlockHeaderSize, bodySize);
    }

    private Span<byte> Take(int size)
    {
        if (_buffer.Length - _used < size)
            WriteOut();
        if (_buffer.Length < size)
            _buffer = new byte[size];
        Span<byte> taken = _buffer.AsSpan(_used, size);
        _used += size;
        return taken;
    }

    private void WriteOut()
    {
        if (_used > 0)
            _stream.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }
}
