using Pdm6.Codec.Vectors.Registration;
using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="SealedAnnouncement.TryParse"/>: never throws, names as many recipients as it has items, and opens
/// to nothing but the secret that was sealed.</summary>
internal sealed class SealedAnnouncementTarget : FuzzTarget
{
    private static readonly Fingerprint s_sender = RegistrationSample.HostA.CertificateHash;

    public override string Name => "sealed-announcement";
    public override int LargestInput => 4096;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds =>
        [.. RegistrationVectors.All.Where(vector => vector.Kind == EnvelopeKind.Announcement).Select(vector => vector.Envelope.Body), [.. "{}"u8]];

    public override IReadOnlyList<byte[]> Tokens => RegistrationTokens.Json;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!SealedAnnouncement.TryParse(input, out SealedAnnouncement? announcement, out string? error))
        {
            Expect.That(announcement is null && error.Length > 0, "what is wrong is said");
            int end = error.IndexOfAny(['\'', '.']);
            return new FuzzOutcome(false, Feature.Of(error.AsSpan(0, end < 0 ? error.Length : end)));
        }
        Expect.That(announcement.Announcement.TryValidate(out _), "what was read is valid");
        Expect.That(announcement.Sealed.Count == (announcement.Announcement.Recipients?.Count ?? 0), "an item for each recipient");
        int opened = 0;
        Span<byte> secret = stackalloc byte[KeyDerivation.SecretSize];
        foreach (StatedParticipant participant in RegistrationSample.Participants)
            if (announcement.TryOpen(participant.Hpke, s_sender, secret))
            {
                Expect.Equal(RegistrationSample.BaseSecret, secret, "nothing opens but what was sealed");
                opened++;
            }
        Expect.That(opened <= announcement.Sealed.Count, "nobody opens who is not named");
        return new FuzzOutcome(true, Feature.Of(1, announcement.Sealed.Count, opened));
    }
}
