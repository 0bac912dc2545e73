using System.Globalization;

namespace Pdm6.Capture.Reports;

/// <summary>Times for people.</summary>
public static class DurationText
{
    private const double NsPerMicrosecond = 1e3;
    private const double NsPerMillisecond = 1e6;
    private const double NsPerSecond = 1e9;

    /// <summary>The time in the unit that fits it, with three digits or so; a dash for none.</summary>
    public static string Of(long? nanoseconds) => nanoseconds switch
    {
        null => "-",
        < 1_000 => $"{nanoseconds} ns",
        < 100_000 => Text(nanoseconds / NsPerMicrosecond, "0.#", "us"),
        < 1_000_000 => Text(nanoseconds / NsPerMicrosecond, "0", "us"),
        < 10_000_000 => Text(nanoseconds / NsPerMillisecond, "0.00", "ms"),
        < 10_000_000_000 => Text(nanoseconds / NsPerMillisecond, "0.0", "ms"),
        _ => Text(nanoseconds / NsPerSecond, "0.0", "s"),
    };

    private static string Text(double? value, string format, string unit) =>
        $"{value?.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
