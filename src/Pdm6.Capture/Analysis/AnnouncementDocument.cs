using Pdm6.Security;
using Pdm6.Security.Announcements;

namespace Pdm6.Capture.Analysis;

/// <summary>One announcement of a file: in a signed envelope, or, of a laboratory, without.</summary>
/// <param name="Json">As it stands in the file.</param>
/// <param name="Envelope">The envelope, not verified yet; null if there is none.</param>
/// <param name="Announcement">The announcement of a laboratory; null if there is an envelope.</param>
public readonly record struct AnnouncementDocument(ReadOnlyMemory<byte> Json, SignedEnvelope? Envelope, Announcement? Announcement);
