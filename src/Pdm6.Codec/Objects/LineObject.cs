using System.Buffers;
using System.Numerics;
using System.Text.Json;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec.Objects;

/// <summary>
/// The members of one line's object, read without an allocation and used for one line after the other. What may stand
/// in a number depends on the carriage, so numbers are checked when they are taken.
/// </summary>
internal sealed class LineObject
{
    private const ulong AddedByDecode =
        1UL << (int)Member.Status | 1UL << (int)Member.Version | 1UL << (int)Member.DeltaTlrNs | 1UL << (int)Member.DeltaTlsNs;

    private readonly ulong[] _numbers = new ulong[(int)Member.DeltaTlsNs + 1];
    private readonly byte[] _nonce = new byte[Nonce.Size];
    private readonly ArrayBufferWriter<byte> _octets = new();
    private readonly ArrayBufferWriter<byte> _tlvs = new();
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
        _present &= ~(1UL << (int)member);
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
    public ReadOnlySpan<byte> TakeTlvs()
    {
        _present &= ~(1UL << (int)Member.Tlvs);
        return _tlvs.WrittenSpan;
    }

    /// <summary>Passes over what decode adds to what encode needs.</summary>
    public void PassOverWhatDecodeAdds() => _present &= ~AddedByDecode;

    /// <summary>True if nothing is wrong and every member was taken.</summary>
    /// <param name="where">Who would have taken them.</param>
    public bool IsDone(string where)
    {
        if (Error is null && _present != 0)
            Fail($"{((Member)BitOperations.TrailingZeroCount(_present)).Text()}: leave it out, {where} has no such member");
        return Error is null;
    }

    private bool TakeGiven(Member member)
    {
        bool isGiven = Has(member) || Fail($"{member.Text()}: give it, it is missing");
        _present &= ~(1UL << (int)member);
        return isGiven;
    }

    private bool TryReadMember(ref Utf8JsonReader reader)
    {
        if (!MemberNames.TryRead(ref reader, out Member member))
            return Fail($"{MemberNames.ForMessage(reader)}: leave it out, no carriage has such a member");
        if (Has(member))
            return Fail($"{member.Text()}: give it once");
        _present |= 1UL << (int)member;
        reader.Read();
        switch (member)
        {
            case Member.Carriage:
                return TryReadCarriage(ref reader);
            case Member.Flow:
                return FlowJson.TryRead(ref reader, out _flow, out string? error) || Fail(error);
            case Member.Nonce:
                return TryReadNonce(ref reader);
            case Member.Hex:
                return IsPlainString(reader) && Hex.TryRead(reader.ValueSpan, _octets)
                    || Fail("hex: give pairs of hexadecimal digits as text");
            case Member.Tlvs:
                return TlvJson.TryRead(ref reader, _tlvs, out error) || Fail(error);
            case Member.Status or Member.Version or Member.DeltaTlrNs or Member.DeltaTlsNs:
                reader.Skip();
                return true;
            default:
                ReadNumber(ref reader, member);
                return true;
        }
    }

    private void ReadNumber(ref Utf8JsonReader reader, Member member)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out _numbers[(int)member]))
            _isWhole |= 1UL << (int)member;
        else
            reader.Skip();
    }

    private bool TryReadCarriage(ref Utf8JsonReader reader) =>
        IsPlainString(reader) && CodecCarriages.TryParse(reader.ValueSpan, out _carriage)
        || Fail($"carriage: give one of {string.Join(", ", CodecCarriages.Names)}");

    private bool TryReadNonce(ref Utf8JsonReader reader) =>
        IsPlainString(reader) && reader.ValueSpan.Length == 2 * Nonce.Size
        && Convert.FromHexString(reader.ValueSpan, _nonce, out _, out _) == OperationStatus.Done
        || Fail($"nonce: give {2 * Nonce.Size} hexadecimal digits as text");

    internal static bool IsPlainString(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped;
}
