namespace Pdm6.Cli.Demo;

/// <summary>Times for people.</summary>
internal static class DurationText
{
    private const double NsPerMicrosecond = 1e3;
    private const double NsPerMillisecond = 1e6;
    private const double NsPerSecond = 1e9;

    /// <summary>The time in the unit that fits it; a dash for none.</summary>
    internal static string Of(long? nanoseconds) => nanoseconds switch
    {
        null => "-",
        < 100_000 => $"{nanoseconds / NsPerMicrosecond:0} us",
        < 10_000_000_000 => $"{nanoseconds / NsPerMillisecond:0.0} ms",
        _ => $"{nanoseconds / NsPerSecond:0.0} s",
    };
}
