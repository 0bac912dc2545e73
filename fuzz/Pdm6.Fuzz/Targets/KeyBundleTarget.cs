using Pdm6.Codec.Vectors.Registration;
using Pdm6.Fuzz.Engine;
using Pdm6.Security.Announcements;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="KeyBundle.TryParse"/>: never throws, what was read and written reads the same, and what is chosen
/// can be sealed to.</summary>
internal sealed class KeyBundleTarget : FuzzTarget
{
    public override string Name => "key-bundle";
    public override int LargestInput => 2048;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds =>
        [.. RegistrationVectors.All.Where(vector => vector.Kind == EnvelopeKind.KeyBundle).Select(vector => vector.Envelope.Body), [.. "{}"u8]];

    public override IReadOnlyList<byte[]> Tokens => RegistrationTokens.Json;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!KeyBundle.TryParse(input, out KeyBundle? bundle, out string? error))
        {
            Expect.That(bundle is null && error.Length > 0, "what is wrong is said");
            int end = error.IndexOfAny(['\'', '.']);
            return new FuzzOutcome(false, Feature.Of(error.AsSpan(0, end < 0 ? error.Length : end)));
        }
        Expect.That(KeyBundle.TryParse(bundle.ToJson(), out KeyBundle? again, out _), "what was written can be read");
        Expect.Equal(bundle.ToJson(), again!.ToJson(), "decode then encode is the identity");
        bool canSeal = bundle.TryChoose(out Recipient? recipient);
        Expect.That(canSeal == (recipient is not null), "a recipient or none");
        Expect.That(recipient is null || bundle.Keys.Any(key => key.KeyId == recipient.Key.KeyId), "what is chosen is in the bundle");
        return new FuzzOutcome(true, Feature.Of(1, bundle.Keys.Count, bundle.Suites.Count, canSeal ? (int)recipient!.Aead : 0));
    }
}
