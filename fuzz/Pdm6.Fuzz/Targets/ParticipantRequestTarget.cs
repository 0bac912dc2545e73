using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Codec.Vectors.Registration;
using Pdm6.Fuzz.Engine;
using Pdm6.Security.Identity;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="ParticipantRequest.TryParse"/>: never throws, and takes nothing but what the key in it
/// signed.</summary>
internal sealed class ParticipantRequestTarget : FuzzTarget
{
    private readonly HashSet<string> _signed = [.. Requests().Select(Convert.ToHexString)];

    public override string Name => "participant-request";
    public override int LargestInput => 512;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds => [.. Requests(), [], [0x30, 0x00]];

    public override IReadOnlyList<byte[]> Tokens => RegistrationTokens.Der;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (ParticipantRequest.TryParse(input, out ParticipantRequest? request, out string? error))
        {
            Expect.That(_signed.Contains(Convert.ToHexString(input)), "nothing is taken but what was signed");
            return new FuzzOutcome(true, Feature.Of(request.IdentityFingerprint.ToString()));
        }
        Expect.That(request is null && error.Length > 0, "what is wrong is said");
        // How far it looks like one: the lengths of its first elements.
        return new FuzzOutcome(false, Feature.Of(input.Length > 3 ? input[0] << 16 | input[1] << 8 | input[3] : -input.Length));
    }

    private static IEnumerable<byte[]> Requests()
    {
        foreach (string name in (string[])["host-a", "host-b"])
        {
            StatedKey key = StatedKey.Of(name);
            yield return new CertificateRequest(new X500DistinguishedName($"CN={name}"), key.PublicKey, HashAlgorithmName.SHA256)
                .CreateSigningRequest(key);
        }
    }
}
