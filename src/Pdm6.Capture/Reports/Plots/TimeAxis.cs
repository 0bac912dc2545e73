using System.Globalization;
using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>The time of a <see cref="Timeline"/> along the level axis, in seconds since its start.</summary>
internal sealed class TimeAxis
{
    private const double NsPerSecond = 1e9;

    private readonly Scale _scale;
    private readonly double _binSeconds;

    /// <param name="shown">The spans that are drawn.</param>
    /// <param name="whole">All that was measured, in shorter spans: every plot of it has the same axis.</param>
    public TimeAxis(Timeline shown, Timeline whole)
    {
        _binSeconds = shown.WidthNs / NsPerSecond;
        int bins = whole.Bins.Select(entry => entry.Index).DefaultIfEmpty(0).Max() + 1;
        double seconds = bins * (whole.WidthNs / NsPerSecond);
        _scale = Scale.Linear(seconds, Canvas.Left, Canvas.Right);
        BinWidth = (Canvas.Right - Canvas.Left) * _binSeconds / seconds;
    }

    /// <summary>Width of a span.</summary>
    public double BinWidth { get; }

    public void Draw(Canvas canvas) => canvas.AxisX(_scale, seconds => SecondsText(seconds));

    public double Begin(int bin) => _scale.At(bin * _binSeconds);

    public double Middle(int bin) => _scale.At((bin + 0.5) * _binSeconds);

    /// <summary>When a span is.</summary>
    public string Text(int bin) => $"{SecondsText(bin * _binSeconds)} to {SecondsText((bin + 1) * _binSeconds)}";

    private static string SecondsText(double seconds) => seconds switch
    {
        >= 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.##} h"),
        >= 300 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.##} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.####} s"),
    };
}
