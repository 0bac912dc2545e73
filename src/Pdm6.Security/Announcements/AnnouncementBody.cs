namespace Pdm6.Security.Announcements;

/// <summary>What is signed of an announcement.</summary>
/// <param name="Announcement">The octets of the announcement's JSON: what every sealed item is bound to.</param>
/// <param name="Sealed">The base secret, once for each analyzer.</param>
internal sealed record AnnouncementBody(byte[] Announcement, IReadOnlyList<SealedSecret> Sealed);
