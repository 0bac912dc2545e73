using System.Buffers;
using System.Text.Json;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec.Objects;

/// <summary>
/// The members of one line's object, read without an allocation and used for one line after the other. A member says
/// what is wrong with it only when it is taken: what a carriage has no use for is passed over, so that one object serves
/// every carriage. A name that no carriage knows is an error at once, because it may be a slip of the pen.
/// </summary>
internal sealed class LineObject
{
    private readonly ulong[] _numbers = new ulong[(int)Member.DeltaTlsNs + 1];
    private readonly byte[] _nonce = new byte[Nonce.Size];
    private readonly ArrayBufferWriter<byte> _octets = new();
    private readonly ArrayBufferWriter<byte> _tlvs = new();
    private readonly string?[] _faults = new string?[(int)Member.DeltaTlsNs + 1];
    private ulong _present;
    private ulong _isWhole; // numbers that are whole and fit 64 bits
    private FlowKey _flow;
    private CodecCarriage _carriage;

    /// <summary>What is wrong, one sentence; null while nothing is.</summary>
    public string? Error { get; private set; }

    public bool Has(Member member) => (_present >> (int)member & 1) != 0;

    /// <summary>Reads an object; false leaves an <see cref="Error"/>.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        _present = _isWhole = 0;
        Error = null;
        Array.Clear(_faults);
        _octets.ResetWrittenCount();
        _tlvs.ResetWrittenCount();
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return Fail("the line: give one JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                if (!TryReadMember(ref reader))
                    return false;
            return !reader.Read() || Fail("the line: give one JSON object and nothing behind it");
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            // The second is what the reader throws for escapes that are no text.
            return Fail("the line: give one JSON object");
        }
    }

    /// <summary>Says what is wrong, unless something was said before.</summary>
    public bool Fail(string error)
    {
        Error ??= error;
        return false;
    }

    /// <summary>A number that must be there.</summary>
    public ulong Take(Member member, ulong most, ulong least = 0)
    {
        ulong number = _numbers[(int)member];
        bool isGood = Has(member) && (_isWhole >> (int)member & 1) != 0 && number >= least && number <= most;
        if (!isGood)
            Fail($"{member.Text()}: give a whole number from {least} to {most}");
        return isGood ? number : 0;
    }

    /// <summary>A number that may be there.</summary>
    public ulong TakeOr(Member member, ulong otherwise, ulong most, ulong least = 0) =>
        Has(member) ? Take(member, most, least) : otherwise;

    public Suite TakeSuiteOr(Suite otherwise) => (Suite)TakeOr(Member.Suite, (ulong)otherwise, most: 2, least: 1);

    public CodecCarriage TakeCarriage() => TakeGiven(Member.Carriage)
        ? _carriage
        : default;

    public FlowKey TakeFlow() => TakeGiven(Member.Flow) ? _flow : default;

    public ReadOnlySpan<byte> TakeNonce() => TakeGiven(Member.Nonce) ? _nonce : default;

    public ReadOnlySpan<byte> TakeHex() => TakeGiven(Member.Hex) ? _octets.WrittenSpan : default;

    /// <summary>The TLVs as on the wire; none if there is no such member.</summary>
    public ReadOnlySpan<byte> TakeTlvs() => !Has(Member.Tlvs) || TakeGiven(Member.Tlvs) ? _tlvs.WrittenSpan : default;

    private bool TakeGiven(Member member) =>
        Has(member)
            ? _faults[(int)member] is not { } fault || Fail(fault)
            : Fail($"{member.Text()}: give it, it is missing");

    private bool TryReadMember(ref Utf8JsonReader reader)
    {
        if (!MemberNames.TryRead(ref reader, out Member member))
            return Fail($"{MemberNames.ForMessage(reader)}: leave it out, no carriage has such a member");
        if (Has(member))
            return Fail($"{member.Text()}: give it once");
        _present |= 1UL << (int)member;
        reader.Read();
        Utf8JsonReader value = reader;
        _faults[(int)member] = ReadValue(ref reader, member);
        if (_faults[(int)member] is not null)
        {
            reader = value; // whoever found the fault may have stopped inside the value
            reader.Skip();
        }
        return true;
    }

    /// <summary>Reads what a member holds and returns what is wrong with it.</summary>
    private string? ReadValue(ref Utf8JsonReader reader, Member member)
    {
        switch (member)
        {
            case Member.Carriage:
                return TryReadCarriage(reader) ? null : $"carriage: give one of {string.Join(", ", CodecCarriages.Names)}";
            case Member.Flow:
                return FlowJson.TryRead(ref reader, out _flow, out string? error) ? null : error;
            case Member.Nonce:
                return TryReadNonce(reader) ? null : $"nonce: give {2 * Nonce.Size} hexadecimal digits as text";
            case Member.Hex:
                return IsPlainString(reader) && Hex.TryRead(reader.ValueSpan, _octets)
                    ? null
                    : "hex: give pairs of hexadecimal digits as text";
            case Member.Tlvs:
                return TlvJson.TryRead(ref reader, _tlvs, out error) ? null : error;
            default:
                ReadNumber(ref reader, member);
                return null;
        }
    }

    private void ReadNumber(ref Utf8JsonReader reader, Member member)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out _numbers[(int)member]))
            _isWhole |= 1UL << (int)member;
        else
            reader.Skip();
    }

    private bool TryReadCarriage(in Utf8JsonReader reader) =>
        IsPlainString(reader) && CodecCarriages.TryParse(reader.ValueSpan, out _carriage);

    private bool TryReadNonce(in Utf8JsonReader reader) =>
        IsPlainString(reader) && reader.ValueSpan.Length == 2 * Nonce.Size
        && Convert.FromHexString(reader.ValueSpan, _nonce, out _, out _) == OperationStatus.Done;

    internal static bool IsPlainString(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped;
}
