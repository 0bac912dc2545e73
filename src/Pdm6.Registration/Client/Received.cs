using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>Something signed that was verified: the authority knows the sender, the signature is his, it is live, and the
/// addresses in it are his to use.</summary>
/// <param name="Envelope">As it was signed: what is kept with captures.</param>
/// <param name="Sender">Who signed it.</param>
/// <param name="Content">What it says.</param>
/// <typeparam name="T"><see cref="SealedAnnouncement"/> or <see cref="SealedGrant"/>.</typeparam>
public sealed record Received<T>(SignedEnvelope Envelope, ParticipantCertificate Sender, T Content) where T : class;
