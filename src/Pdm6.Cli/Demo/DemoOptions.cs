namespace Pdm6.Cli.Demo;

/// <summary>What the user asked of the demo.</summary>
/// <param name="Seconds">How long to measure.</param>
/// <param name="Hold">Keep the page up until Ctrl-C.</param>
/// <param name="KeepDirectory">Where to leave captures, sealed announcements, the analyzer's key and the summary; null to leave
/// nothing.</param>
/// <param name="TamperPercent">Share of options in which the router flips a bit.</param>
/// <param name="DelayMilliseconds">How long the router keeps packets, each way.</param>
internal sealed record DemoOptions(int Seconds, bool Hold, string? KeepDirectory, double TamperPercent, double DelayMilliseconds)
{
    internal const double UsualDelayMilliseconds = 10;
    private const double LongestDelayMilliseconds = 100;
    private const int LongestSeconds = 24 * 3600;

    /// <exception cref="WrongUseException">A value cannot be used.</exception>
    internal void Validate()
    {
        if (Seconds is < 1 or > LongestSeconds)
            throw new WrongUseException($"--seconds must be between 1 and {LongestSeconds}.");
        if (!(TamperPercent is >= 0 and <= 100))
            throw new WrongUseException("--tamper is a percentage: give a number between 0 and 100.");
        if (!(DelayMilliseconds is >= 0 and <= LongestDelayMilliseconds))
            throw new WrongUseException($"--delay must be between 0 and {LongestDelayMilliseconds} ms.");
        if (KeepDirectory is not null && File.Exists(KeepDirectory))
            throw new WrongUseException($"--keep needs a directory, and '{KeepDirectory}' is a file.");
    }
}
