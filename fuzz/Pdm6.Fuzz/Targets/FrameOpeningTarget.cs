using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="FrameOpener"/>: nothing opens but what was sealed, and what is written of TLVs stays in its room.
/// Octet 0 of the input chooses the opener: with a derived key, or with a raw one.</summary>
internal sealed class FrameOpeningTarget : FuzzTarget
{
    private readonly UdpFrameTarget _frames = new();
    private readonly FrameOpener[] _openers;
    private readonly byte[][] _genuine;
    private readonly GuardedMemory _tlvs = new(512);

    public FrameOpeningTarget()
    {
        byte[] derived = new byte[KeyDerivation.FrameKeySize], raw = LabKeys.FrameKey;
        KeyDerivation.FrameKey(LabKeys.PairSecret, Suite.Aes256Gcm, LabKeys.Epoch, derived);
        _openers =
            [FrameOpener.FromPairSecret(LabKeys.PairSecret, Suite.Aes256Gcm, LabKeys.Epoch), OpenerWith(raw)];
        _genuine =
        [
            [0, .. LabKeys.SealedFrame(derived, UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId, LabKeys.Epoch, TlvTarget.All)],
            [0, .. LabKeys.SealedFrame(derived, UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId | UdpFrameFlags.Request, LabKeys.Epoch, [])],
            [1, .. LabKeys.SealedFrame(raw, UdpFrameFlags.Encrypted | UdpFrameFlags.Request, 0, [0, 100, 0, 4, 0x6b, 0x6d, 0x6f, 0x64])],
            [1, .. LabKeys.SealedFrame(raw, UdpFrameFlags.Encrypted, 0, [0, 100, 0, 9])], // authentic, and not well-formed
        ];
    }

    public override string Name => "frame-opening";
    public override int LargestInput => 257;
    public override IEnumerable<byte[]> Seeds => _genuine;
    public override IReadOnlyList<byte[]> Tokens => TlvTarget.AllTokens;

    public override int Repair(Span<byte> room, int size) => size == 0 ? 0 : 1 + _frames.Repair(room[1..], size - 1);

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return default;
        ReadOnlySpan<byte> frame = input[1..];
        Span<byte> tlvs = _tlvs.AtEnd(Math.Max(0, frame.Length - UdpFrame.SealedOverhead));
        FrameOpenResult result = _openers[input[0] % 2].TryOpen(frame, tlvs, out UdpFrameHeader header, out int size, out FrameNumber number);
        if (result == FrameOpenResult.Opened)
        {
            Expect.That(IsGenuine(input), "no forgery is accepted");
            Expect.That(TlvReader.IsWellFormed(tlvs[..size]) && size == tlvs.Length, "what opens is well-formed");
            Expect.That(number.Number == 1 && (header.Flags & UdpFrameFlags.Encrypted) != 0, "what was sealed is opened");
        }
        else
        {
            Expect.That(header == default && size == 0 && number == default, "what does not open gives nothing");
        }
        return new FuzzOutcome(result == FrameOpenResult.Opened, (int)result * 4 + input[0] % 2 * 2 + (frame.Length > UdpFrame.SealedOverhead ? 1 : 0));
    }

    private bool IsGenuine(ReadOnlySpan<byte> input)
    {
        foreach (byte[] genuine in _genuine)
            if (input[0] % 2 == genuine[0] && input[1..].SequenceEqual(genuine.AsSpan(1)))
                return true;
        return false;
    }

    private static FrameOpener OpenerWith(byte[] key)
    {
        using KeyFile file = LabKeys.File(key);
        return FrameOpener.FromKeyFile(file);
    }
}
