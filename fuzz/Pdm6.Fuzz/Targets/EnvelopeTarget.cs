using Pdm6.Codec.Vectors.Registration;
using Pdm6.Fuzz.Engine;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="SignedEnvelope.TryParse"/> and the three gates: never throw, and accept nothing but what was
/// signed.</summary>
internal sealed class EnvelopeTarget : FuzzTarget
{
    private static readonly AuthorityCertificate s_authority = RegistrationSample.Authority.Certificate;

    /// <summary>By signature: whoever finds another one may well be accepted.</summary>
    private readonly HashSet<string> _signed = [.. RegistrationVectors.All.Select(vector => IdOf(vector.Envelope))];

    public override string Name => "envelope";
    public override int LargestInput => 8192;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds => [.. RegistrationVectors.All.Select(vector => vector.Envelope.ToJson()), [.. "{}"u8]];

    public override IReadOnlyList<byte[]> Tokens => RegistrationTokens.Json;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!SignedEnvelope.TryParse(input, out SignedEnvelope? envelope, out string? error))
        {
            Expect.That(envelope is null && error.Length > 0, "what is wrong is said");
            int end = error.IndexOfAny(['\'', '.']);
            return new FuzzOutcome(false, Feature.Of(error.AsSpan(0, end < 0 ? error.Length : end)));
        }
        Expect.That(SignedEnvelope.TryParse(envelope.ToJson(), out SignedEnvelope? again, out _), "what was written can be read");
        Expect.Equal(envelope.Body, again!.Body, "decode then encode is the identity");
        bool isSigned = _signed.Contains(IdOf(envelope));
        // Of what nobody signed one in four: elliptic curves are slow.
        if (!isSigned && input.Length % 4 != 0)
            return new FuzzOutcome(false, Feature.Of(envelope.Certificate.Length / 64, envelope.Body.Length / 64));
        EnvelopeRefusal refusal = RefusalOf(envelope);
        Expect.That(refusal != EnvelopeRefusal.None || isSigned, "nothing is accepted but what was signed");
        return new FuzzOutcome(refusal == EnvelopeRefusal.None, Feature.Of((int)refusal));
    }

    private static EnvelopeRefusal RefusalOf(SignedEnvelope envelope) =>
        envelope.Body.AsSpan().StartsWith("{\"announcement\""u8)
            ? AnnouncementGate.Check(envelope, s_authority, RegistrationSample.NowUnixNs, _ => 6).Refusal
        : envelope.Body.AsSpan().StartsWith("{\"grant\""u8)
            ? GrantGate.Check(envelope, s_authority, RegistrationSample.NowUnixNs).Refusal
            : KeyBundleGate.Check(envelope, s_authority, RegistrationSample.NowUnixNs, _ => null).Refusal;

    private static string IdOf(SignedEnvelope envelope) =>
        $"{Convert.ToHexString(envelope.Certificate)} {Convert.ToHexString(envelope.Body)} {Convert.ToHexString(envelope.Signature)}";
}
