namespace Pdm6.Capture;

/// <summary>What a custom block of pdm6 holds.</summary>
public enum CustomBlockKind
{
    /// <summary>One announcement (protocol reference, section 7) as JSON. It names a context and holds no secret.</summary>
    Announcement = 1,
}
