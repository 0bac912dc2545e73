namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>What became of one datagram.</summary>
/// <param name="Verdict">What was found.</param>
/// <param name="Answer">What to send back; null: nothing.</param>
internal sealed record DisconnectOutcome(DisconnectVerdict Verdict, byte[]? Answer)
{
    /// <summary>Why an authentic request was not done.</summary>
    public ErrorCause Cause { get; init; }

    /// <summary>Whom an authentic request named.</summary>
    public string Name { get; init; } = "";

    /// <summary>Nothing is sent back.</summary>
    public static DisconnectOutcome Silence(DisconnectVerdict verdict) => new(verdict, null);
}
