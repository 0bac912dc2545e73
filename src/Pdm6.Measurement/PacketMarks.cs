namespace Pdm6.Measurement;

/// <summary>What is known of a number so far.</summary>
[Flags]
internal enum PacketMarks : ushort
{
    None = 0,
    /// <summary>Its packet was observed. Without this, the number was only named by the other direction.</summary>
    Observed = 1 << 0,
    /// <summary>Its receiver let it update state.</summary>
    Accepted = 1 << 1,
    /// <summary>Its receiver let a further copy update state, against section 9 of the protocol reference: every delta
    /// that counts from its arrival is worthless (hole 6).</summary>
    AcceptedAgain = 1 << 2,
    /// <summary>The sender's first packet after a reception: a turnaround.</summary>
    FirstAfterReception = 1 << 3,
    /// <summary>No earlier packet with payload names the number that this one names.</summary>
    NothingSaidBefore = 1 << 4,
    /// <summary><see cref="PacketSlot.RoundTripNamer"/> waits for this number's packet.</summary>
    HasRoundTripNamer = 1 << 5,
    /// <summary><see cref="PacketSlot.AnswerNamer"/> waits for this number's packet.</summary>
    HasAnswerNamer = 1 << 6,
}
