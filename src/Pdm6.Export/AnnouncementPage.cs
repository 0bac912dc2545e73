using Pdm6.Security;

namespace Pdm6.Export;

/// <summary>All live announcements that a collector relays.</summary>
/// <param name="Version">Rises with every change; the next request asks for what comes after it.</param>
/// <param name="Announcements">The public parts: nothing here is secret.</param>
public sealed record AnnouncementPage(long Version, IReadOnlyList<Announcement> Announcements);
