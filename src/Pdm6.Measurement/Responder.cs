namespace Pdm6.Measurement;

/// <summary>Which side of a <see cref="Conversation"/> is the server.</summary>
internal enum Responder : byte
{
    Undecided,
    /// <summary>The source of <see cref="Conversation.One"/>.</summary>
    One,
    /// <summary>The source of <see cref="Conversation.Other"/>.</summary>
    Other,
    /// <summary>Nothing tells the two apart.</summary>
    Neither,
}
