using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Wire;
using static Pdm6.Codec.Vectors.Registration.RegistrationSample;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>Announcements, right and wrong.</summary>
internal static class AnnouncementVectors
{
    private static readonly Recipient s_first = new(Analyzer1.Hpke.PublicKey);
    private static readonly Recipient s_second = new(Analyzer2.Hpke.PublicKey, HpkeKdf.HkdfSha512, HpkeAead.Aes128Gcm);

    public static IEnumerable<RegistrationVector> All()
    {
        RegistrationVector good = Signed("for one analyzer", "A context, its base secret sealed to one analyzer.", GoodAnnouncement, s_first);
        yield return good;
        yield return Signed("for two analyzers", "Sealed to two analyzers, with different suites.", GoodAnnouncement, s_first, s_second);
        yield return Signed("for nobody", "A sender that no analyzer may follow.", GoodAnnouncement);

        yield return good with
        {
            Name = "announcement, at the last instant", About = "Its time ends one nanosecond later.",
            NowUnixNs = GoodAnnouncement.NotAfterUnixNs - 1, LastSequence = 6,
        };
        yield return Refused(good, "expired", "Its time has passed. For a capture of its time it is accepted.", EnvelopeRefusal.Expired) with
        {
            NowUnixNs = GoodAnnouncement.NotAfterUnixNs,
        };
        yield return Refused(good, "played again", "A sequence as high is known.", EnvelopeRefusal.StaleSequence) with { LastSequence = 7 };
        yield return Refused(good, "from the future", "Issued 302 s ahead; 300 s and the clock error bound of 1 s are allowed.", EnvelopeRefusal.FromTheFuture) with
        {
            NowUnixNs = RegistrationSample.NowUnixNs - 302 * Second,
        };
        yield return good with
        {
            Name = "announcement, from a clock that is ahead", About = "Issued 301 s ahead: as far as the clocks may differ.",
            NowUnixNs = RegistrationSample.NowUnixNs - 301 * Second,
        };

        SignedEnvelope envelope = good.Envelope;
        yield return Refused(good, "body altered", "One bit of the body is another.", EnvelopeRefusal.BadSignature) with
        {
            Envelope = envelope with { Body = Flipped(envelope.Body, 40) },
        };
        yield return Refused(good, "signature altered", "One bit of the signature is another.", EnvelopeRefusal.BadSignature) with
        {
            Envelope = envelope with { Signature = Flipped(envelope.Signature, 63) },
        };
        yield return Refused(good, "certificate altered", "One bit of the certificate's signature is another.", EnvelopeRefusal.ForeignCertificate) with
        {
            Envelope = envelope with { Certificate = Flipped(envelope.Certificate, envelope.Certificate.Length - 1) },
        };
        yield return Refused(good, "certificate of another", "The certificate is another endpoint's.", EnvelopeRefusal.BadSignature) with
        {
            Envelope = envelope with { Certificate = HostB.Der },
        };
        yield return Refused(good, "no certificate", "The certificate is no certificate.", EnvelopeRefusal.UnreadableCertificate) with
        {
            Envelope = envelope with { Certificate = [0x30, 0x00] },
        };
        yield return Refused(good, "signed as a grant", "The label of the signature is that of grants.", EnvelopeRefusal.BadSignature) with
        {
            Envelope = HostA.Sign(EnvelopeKind.Grant, envelope.Body),
        };
        yield return By(Foreigner, "of another authority", "An authority of the same name, with another key, issued the certificate.", EnvelopeRefusal.ForeignCertificate);
        yield return By(Analyzer2, "of an analyzer", "Analyzers announce nothing.", EnvelopeRefusal.WrongRole);
        yield return By(Former, "certificate expired", "The certificate was not valid when it signed.", EnvelopeRefusal.CertificateNotValidThen);
        yield return By(HostB, "address of another", "The addresses are not in the prefixes of the certificate.", EnvelopeRefusal.AddressOutsidePrefixes);
        yield return Refused(
            Signed("", "", GoodAnnouncement with { NotAfterUnixNs = RegistrationSample.NowUnixNs + 48 * Hour + 1 }, s_first),
            "lives too long", "Nothing is announced for more than 48 hours.", EnvelopeRefusal.LivesTooLong);
        yield return Refused(
            Signed("", "", GoodAnnouncement with { Addresses = [Ipv6Address.Parse("ff02::1")] }, s_first),
            "multicast address", "A multicast address is nobody's source.", EnvelopeRefusal.Malformed);

        yield return Lifted("lifted", "The sealed item is of another announcement of the same context, one number lower.", GoodAnnouncement, HostA);
        yield return Lifted(
            "lifted from another context", "The sealed item is of another context.",
            GoodAnnouncement with { Sequence = 8, ContextId = new ContextId(GoodAnnouncement.ContextId.Value + 1) }, HostA);
        yield return Lifted("sealed by another sender", "The sealed item was made under another sender's certificate.", GoodAnnouncement with { Sequence = 8 }, HostB);
        yield return Refused(good, "recipient substituted", "The sealed item is not that of the recipient that is named.", EnvelopeRefusal.Malformed) with
        {
            Envelope = HostA.Sign(EnvelopeKind.Announcement, BodyOf(
                (GoodAnnouncement with { Recipients = [Analyzer2.Hpke.PublicKey.KeyId] }).ToJson(), [good.Sealing[0].Sealed])),
        };
    }

    private static RegistrationVector Signed(string name, string about, Announcement announcement, params Recipient[] recipients)
    {
        (byte[] body, SealingSteps[] sealing) = Seal(announcement, HostA, name, recipients);
        return new RegistrationVector(
            $"announcement, {name}", about, EnvelopeKind.Announcement, HostA.Sign(EnvelopeKind.Announcement, body), EnvelopeRefusal.None)
        {
            Sealing = sealing,
            Opens = OpenedBy(recipients),
        };
    }

    private static RegistrationVector By(StatedParticipant sender, string name, string about, EnvelopeRefusal refusal)
    {
        (byte[] body, _) = Seal(GoodAnnouncement, sender, name, s_first);
        return new RegistrationVector(
            $"announcement, {name}", about, EnvelopeKind.Announcement, sender.Sign(EnvelopeKind.Announcement, body), refusal);
    }

    /// <summary>An announcement in good order, of sequence 8, with an item that was sealed for another.</summary>
    private static RegistrationVector Lifted(string name, string about, Announcement from, StatedParticipant sealer)
    {
        (_, SealingSteps[] sealing) = Seal(from, sealer, name, s_first);
        byte[] octets = (GoodAnnouncement with { Sequence = 8, Recipients = [s_first.Key.KeyId] }).ToJson();
        return new RegistrationVector(
            $"announcement, {name}", $"{about} It is accepted and opens to nobody.", EnvelopeKind.Announcement,
            HostA.Sign(EnvelopeKind.Announcement, BodyOf(octets, [sealing[0].Sealed])), EnvelopeRefusal.None)
        {
            Opens = OpenedBy(),
        };
    }

    private static RegistrationVector Refused(RegistrationVector vector, string name, string about, EnvelopeRefusal refusal) => vector with
    {
        Name = $"announcement, {name}", About = about, Verdict = refusal, Opens = [], Sealing = [],
    };

    private static (string, byte[]?)[] OpenedBy(params Recipient[] recipients) =>
        [.. Participants.Select(p => (p.Name, recipients.Any(r => r.Key.KeyId == p.Hpke.PublicKey.KeyId) ? BaseSecret : null))];

    internal static byte[] Flipped(byte[] octets, int at)
    {
        byte[] flipped = [.. octets];
        flipped[at] ^= 1;
        return flipped;
    }
}
