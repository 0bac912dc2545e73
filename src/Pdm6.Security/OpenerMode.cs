namespace Pdm6.Security;

/// <summary>Which of a sender's contexts an opener tries (protocol reference, section 9).</summary>
public enum OpenerMode
{
    /// <summary>The two newest of each source address, newest first, and only before their announcement
    /// expires.</summary>
    Live,
    /// <summary>Every one that covers the time of the observation: for captures.</summary>
    Analysis,
}
