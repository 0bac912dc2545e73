using Pdm6.Security;
using Pdm6.Security.Announcements;
using static Pdm6.Codec.Vectors.Registration.RegistrationSample;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>Key bundles, right and wrong.</summary>
internal static class KeyBundleVectors
{
    // Not KeyBundle.Create: it says what this machine has.
    private static readonly KeyBundle s_bundle = new()
    {
        FormatVersion = KeyBundle.CurrentFormatVersion,
        Sequence = 3,
        IssuedAtUnixNs = RegistrationSample.NowUnixNs,
        NotAfterUnixNs = RegistrationSample.NowUnixNs + 24 * Hour,
        Keys = [KeyOf(Analyzer1)],
        Suites = [new BundledSuite(HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm), new BundledSuite(HpkeKdf.HkdfSha512, HpkeAead.Aes128Gcm)],
    };

    public static IEnumerable<RegistrationVector> All()
    {
        RegistrationVector good = Of(s_bundle, "of an analyzer", "One key and two suites.", EnvelopeRefusal.None);
        byte[] later = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];
        yield return good;
        yield return Of(
            s_bundle with { Keys = [new BundledKey(HpkeKeyId.Of(later), (HpkeKem)0x7777, later), KeyOf(Analyzer1)] },
            "key of an unknown mechanism", "The first key is of a mechanism that nobody has yet: it is passed over.", EnvelopeRefusal.None);
        yield return Of(s_bundle, "played again", "A sequence as high is known.", EnvelopeRefusal.StaleSequence) with { LastSequence = 3 };
        yield return Of(s_bundle, "expired", "Its time has passed.", EnvelopeRefusal.Expired) with { NowUnixNs = s_bundle.NotAfterUnixNs };
        yield return good with
        {
            Name = "key bundle, key substituted", About = "The registrar put another key in its place.", Verdict = EnvelopeRefusal.BadSignature,
            Envelope = good.Envelope with { Body = (s_bundle with { Keys = [KeyOf(Analyzer2)] }).ToJson() },
        };
        yield return Of(
            s_bundle with { Keys = [KeyOf(Analyzer1) with { KeyId = Analyzer2.Hpke.PublicKey.KeyId }] },
            "identifier of another key", "The identifier is not the hash of the key.", EnvelopeRefusal.Malformed);
        byte[] noPoint = AnnouncementVectors.Flipped(KeyOf(Analyzer1).PublicKey, 64);
        yield return Of(
            s_bundle with { Keys = [new BundledKey(HpkeKeyId.Of(noPoint), HpkeKem.DhkemP256HkdfSha256, noPoint)] },
            "not a point", "The key is not on its curve.", EnvelopeRefusal.Malformed);
    }

    private static RegistrationVector Of(KeyBundle bundle, string name, string about, EnvelopeRefusal verdict) => new(
        $"key bundle, {name}", about, EnvelopeKind.KeyBundle, Analyzer1.Sign(EnvelopeKind.KeyBundle, bundle.ToJson()), verdict);

    private static BundledKey KeyOf(StatedParticipant participant) => new(
        participant.Hpke.PublicKey.KeyId, participant.Hpke.Kem, participant.Hpke.PublicKey.Octets.ToArray());
}
