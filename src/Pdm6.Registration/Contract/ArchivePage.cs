using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Contract;

/// <summary>Announcements of a time, oldest version first.</summary>
/// <param name="Version">Ask after this one next.</param>
/// <param name="More">There is more.</param>
/// <param name="Announcements">Those that name one of the caller's keys.</param>
public sealed record ArchivePage(long Version, bool More, IReadOnlyList<SignedEnvelope> Announcements);
