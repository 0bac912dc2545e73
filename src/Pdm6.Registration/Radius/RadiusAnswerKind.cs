namespace Pdm6.Registration.Radius;

/// <summary>What a server said.</summary>
internal enum RadiusAnswerKind
{
    /// <summary>No server said anything that could be believed.</summary>
    None,
    /// <summary>Access-Accept.</summary>
    Accept,
    /// <summary>Access-Reject.</summary>
    Reject,
    /// <summary>Access-Challenge: a second question, which nobody is there to answer.</summary>
    Challenge,
}
