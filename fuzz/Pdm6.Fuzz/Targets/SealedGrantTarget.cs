using Pdm6.Codec.Vectors.Registration;
using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Security.Announcements;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="SealedGrant.TryParse"/>: never throws, and opens to nothing but the secret that was
/// sealed.</summary>
internal sealed class SealedGrantTarget : FuzzTarget
{
    public override string Name => "sealed-grant";
    public override int LargestInput => 2048;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds =>
        [.. RegistrationVectors.All.Where(vector => vector.Kind == EnvelopeKind.Grant).Select(vector => vector.Envelope.Body), [.. "{}"u8]];

    public override IReadOnlyList<byte[]> Tokens => RegistrationTokens.Json;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!SealedGrant.TryParse(input, out SealedGrant? grant, out string? error))
        {
            Expect.That(grant is null && error.Length > 0, "what is wrong is said");
            int end = error.IndexOfAny(['\'', '.']);
            return new FuzzOutcome(false, Feature.Of(error.AsSpan(0, end < 0 ? error.Length : end)));
        }
        Expect.That(grant.Grant.TryValidate(out _), "what was read is valid");
        Span<byte> secret = stackalloc byte[KeyDerivation.SecretSize];
        bool isOpened = grant.TryOpen(RegistrationSample.HostB.Hpke, RegistrationSample.HostA.CertificateHash, secret);
        if (isOpened)
            Expect.Equal(RegistrationSample.PairSecret, secret, "nothing opens but what was sealed");
        return new FuzzOutcome(true, Feature.Of(1, isOpened ? 1 : 0));
    }
}
