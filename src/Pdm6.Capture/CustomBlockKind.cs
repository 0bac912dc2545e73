namespace Pdm6.Capture;

/// <summary>What a custom block of pdm6 holds.</summary>
public enum CustomBlockKind
{
    /// <summary>One announcement (protocol reference, section 7) as JSON: of a laboratory, which holds no secret, or in its
    /// signed envelope, whose secret is sealed to the analyzers that it names.</summary>
    Announcement = 1,
}
