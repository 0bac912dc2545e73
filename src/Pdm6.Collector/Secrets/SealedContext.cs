using Pdm6.Security;

namespace Pdm6.Collector.Secrets;

/// <summary>A context that was announced to this analyzer under seal.</summary>
/// <param name="Announcement">What is announced, verified.</param>
/// <param name="Envelope">The signed envelope as JSON: whoever has the analyzer's key opens it again, at any time.</param>
internal sealed record SealedContext(Announcement Announcement, string Envelope);
