using System.Security.Cryptography;
using Pdm6.Fuzz.Engine;
using Pdm6.Security;

namespace Pdm6.Fuzz.Targets;

/// <summary>
/// <see cref="ShortAesGcm"/>, whose intrinsics read and write memory as they like, against the platform's AES-GCM. Every
/// span lies directly before an inaccessible page. The input: an octet that chooses the key, the size of the associated
/// data, a bit to flip (u16), the nonce, the associated data, the text.
/// </summary>
internal sealed class AesGcmTarget : FuzzTarget
{
    private const int NonceOffset = 4;
    private const int DataOffset = NonceOffset + ShortAesGcm.NonceSize;
    private const int TagSize = ShortAesGcm.TagSize;

    private readonly (ShortAesGcm Ours, AesGcm Theirs)[] _keys =
        [.. new[] { 16, 32 }.Select(size => LabKeys.BaseSecret[..size]).Select(key => (ShortAesGcm.Create(key), new AesGcm(key, TagSize)))];

    private readonly GuardedMemory _nonce = new(12), _data = new(256), _text = new(256), _sealed = new(256), _tag = new(16), _opened = new(256);
    private readonly byte[] _expected = new byte[256], _expectedTag = new byte[TagSize];

    public override string Name => "aes-gcm";
    public override int LargestInput => 200;
    public override int Share => 5;
    public override bool AllocatesNothing => false; // the platform's may

    public override IEnumerable<byte[]> Seeds => new[] { (8, 16), (10, 16), (16, 0), (16, 60), (0, 1), (0, 0), (20, 33) }
        .SelectMany(sizes => new byte[] { 0, 1 }.Select(key =>
            (byte[])[key, (byte)sizes.Item1, 0, 1, .. Enumerable.Range(0, 12 + sizes.Item1 + sizes.Item2).Select(i => (byte)i)]));

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < DataOffset)
            return default;
        (ShortAesGcm ours, AesGcm theirs) = _keys[input[0] % 2];
        int dataSize = Math.Min(input[1], input.Length - DataOffset), textSize = input.Length - DataOffset - dataSize;
        Span<byte> nonce = Copy(_nonce, input.Slice(NonceOffset, ShortAesGcm.NonceSize));
        Span<byte> data = Copy(_data, input.Slice(DataOffset, dataSize)), text = Copy(_text, input[(DataOffset + dataSize)..]);
        Span<byte> ciphertext = _sealed.AtEnd(textSize), tag = _tag.AtEnd(TagSize), opened = _opened.AtEnd(textSize);

        ours.Seal(nonce, data, text, ciphertext, tag);
        theirs.Encrypt(nonce, text, _expected.AsSpan(0, textSize), _expectedTag, data);
        Expect.Equal(_expected.AsSpan(0, textSize), ciphertext, "it is AES-GCM");
        Expect.Equal(_expectedTag, tag, "it is AES-GCM");
        Expect.That(ours.TryOpen(nonce, data, ciphertext, tag, opened), "what was sealed opens");
        Expect.Equal(text, opened, "what was sealed is opened");

        int bit = (input[2] << 8 | input[3]) % (8 * (ShortAesGcm.NonceSize + dataSize + textSize + TagSize));
        Flip(nonce, data, ciphertext, tag, bit);
        Expect.That(!ours.TryOpen(nonce, data, ciphertext, tag, opened), "no forgery is accepted");
        Expect.That(opened.IndexOfAnyExcept((byte)0) < 0, "a wrong tag leaves zeros");
        return new FuzzOutcome(true, input[0] % 2 + 2 * Math.Min(dataSize, 40) + 128 * Math.Min(textSize, 80));
    }

    private static Span<byte> Copy(GuardedMemory to, ReadOnlySpan<byte> octets)
    {
        Span<byte> place = to.AtEnd(octets.Length);
        octets.CopyTo(place);
        return place;
    }

    private static void Flip(Span<byte> nonce, Span<byte> data, Span<byte> text, Span<byte> tag, int bit)
    {
        int at = bit / 8;
        byte mask = (byte)(1 << bit % 8);
        if (at < nonce.Length)
            nonce[at] ^= mask;
        else if ((at -= nonce.Length) < data.Length)
            data[at] ^= mask;
        else if ((at -= data.Length) < text.Length)
            text[at] ^= mask;
        else
            tag[at - text.Length] ^= mask;
    }
}
