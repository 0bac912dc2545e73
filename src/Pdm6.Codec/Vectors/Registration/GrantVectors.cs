using Pdm6.Security.Announcements;
using Pdm6.Wire;
using static Pdm6.Codec.Vectors.Registration.RegistrationSample;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>Grants, right and wrong.</summary>
internal static class GrantVectors
{
    public static IEnumerable<RegistrationVector> All()
    {
        RegistrationVector good = By(HostA, GoodGrant, "of a pair", "The secret of one directed pair, sealed to the destination.", EnvelopeRefusal.None);
        yield return good;
        yield return good with
        {
            Name = "grant, body altered", About = "One bit of the body is another.", Verdict = EnvelopeRefusal.BadSignature, Opens = [], Sealing = [],
            Envelope = good.Envelope with { Body = AnnouncementVectors.Flipped(good.Envelope.Body, 30) },
        };
        yield return Wrong(By(HostB, GoodGrant, "source of another", "The source is not in the prefixes of the certificate.", EnvelopeRefusal.AddressOutsidePrefixes));
        yield return Wrong(By(Analyzer2, GoodGrant, "of an analyzer", "Analyzers grant nothing.", EnvelopeRefusal.WrongRole));
        yield return Wrong(By(
            HostA, GoodGrant with { LastEpochIndex = 4096 }, "too many epochs", "A context has 4096 epochs at most.", EnvelopeRefusal.Malformed));
        yield return Wrong(By(HostA, GoodGrant, "from the future", "Issued 301 s ahead.", EnvelopeRefusal.FromTheFuture)) with
        {
            NowUnixNs = RegistrationSample.NowUnixNs - 301 * Second,
        };
        (_, SealingSteps[] other) = Seal(GoodGrant with { Destination = Ipv6Address.Parse("2001:db8:100::2") }, HostA, "lifted");
        yield return good with
        {
            Name = "grant, lifted", About = "The sealed item is of a grant for another destination. It is accepted and opens to nobody.",
            Envelope = HostA.Sign(EnvelopeKind.Grant, BodyOf(GoodGrant.ToJson(), other[0].Sealed)),
            Opens = [.. Participants.Select(p => (p.Name, (byte[]?)null))], Sealing = [],
        };
    }

    private static RegistrationVector By(StatedParticipant sender, Grant grant, string name, string about, EnvelopeRefusal verdict)
    {
        (byte[] body, SealingSteps[] sealing) = Seal(grant, sender, name);
        return new RegistrationVector($"grant, {name}", about, EnvelopeKind.Grant, sender.Sign(EnvelopeKind.Grant, body), verdict)
        {
            Sealing = sealing,
            Opens = [.. Participants.Select(p => (p.Name, p == HostB ? PairSecret : null))],
        };
    }

    private static RegistrationVector Wrong(RegistrationVector vector) => vector with { Opens = [], Sealing = [] };
}
