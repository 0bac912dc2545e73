using System.Net;
using System.Text;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>One plot as SVG: a frame with axes, and what is drawn inside. Colours come from style classes, so that the
/// page decides about light and dark.</summary>
internal sealed class Canvas
{
    public const double Width = 960;
    public const double Height = 250;
    public const double Left = 72;
    public const double Right = Width - 32;
    public const double Top = 34;
    public const double Bottom = Height - 34;

    private readonly StringBuilder _svg = new();

    /// <param name="title">What the plot shows.</param>
    /// <param name="legend">Class and name of what is drawn.</param>
    public Canvas(string title, params (string Class, string Name)[] legend)
    {
        _svg.Append($"<text class=\"title\" x=\"{T(Left)}\" y=\"18\">{Escape(title)}</text>");
        // One line of text, signs and names: only the renderer knows how wide its letters are.
        _svg.Append($"<text class=\"note\" text-anchor=\"end\" xml:space=\"preserve\" x=\"{T(Right)}\" y=\"18\">");
        foreach ((string style, string name) in legend)
            _svg.Append($"   <tspan class=\"{style}\">\u25a0</tspan> {Escape(name)}");
        _svg.Append("</text>");
    }

    /// <summary>Marks of the upright axis, with lines across.</summary>
    public void AxisY(Scale scale, Func<double, string> text)
    {
        foreach (double mark in scale.Marks())
        {
            string y = T(scale.At(mark));
            _svg.Append($"<line class=\"grid\" x1=\"{T(Left)}\" x2=\"{T(Right)}\" y1=\"{y}\" y2=\"{y}\"/>");
            _svg.Append($"<text class=\"note\" text-anchor=\"end\" x=\"{T(Left - 8)}\" y=\"{T(scale.At(mark) + 4)}\">{Escape(text(mark))}</text>");
        }
    }

    /// <summary>Marks of the level axis.</summary>
    public void AxisX(Scale scale, Func<double, string> text)
    {
        _svg.Append($"<line class=\"axis\" x1=\"{T(Left)}\" x2=\"{T(Right)}\" y1=\"{T(Bottom)}\" y2=\"{T(Bottom)}\"/>");
        foreach (double mark in scale.Marks())
        {
            string x = T(scale.At(mark));
            _svg.Append($"<line class=\"axis\" x1=\"{x}\" x2=\"{x}\" y1=\"{T(Bottom)}\" y2=\"{T(Bottom + 4)}\"/>");
            _svg.Append($"<text class=\"note\" text-anchor=\"middle\" x=\"{x}\" y=\"{T(Bottom + 18)}\">{Escape(text(mark))}</text>");
        }
    }

    /// <summary>A line through points.</summary>
    public void Line(string style, IReadOnlyCollection<(double X, double Y)> points) =>
        _svg.Append($"<polyline class=\"{style}\" points=\"{Points(points)}\"/>");

    /// <summary>The area between two lines.</summary>
    public void Area(string style, IReadOnlyCollection<(double X, double Y)> upper, IReadOnlyCollection<(double X, double Y)> lower) =>
        _svg.Append($"<polygon class=\"{style}\" points=\"{Points(upper)} {Points(lower.Reverse())}\"/>");

    /// <summary>A bar that stands on the level axis.</summary>
    public void Bar(string style, double x, double width, double y, string hint) =>
        _svg.Append($"<rect class=\"{style}\" x=\"{T(x)}\" y=\"{T(y)}\" width=\"{T(Math.Max(width, 0.5))}\" height=\"{T(Math.Max(Bottom - y, 0))}\"><title>{Escape(hint)}</title></rect>");

    /// <summary>A dot, for what has no neighbours to draw a line to.</summary>
    public void Dot(string style, double x, double y) =>
        _svg.Append($"<circle class=\"{style}\" cx=\"{T(x)}\" cy=\"{T(y)}\" r=\"2\"/>");

    /// <summary>A place that says something when it is pointed at.</summary>
    public void Hint(double x, double width, string hint) =>
        _svg.Append($"<rect class=\"hint\" x=\"{T(x)}\" y=\"{T(Top)}\" width=\"{T(Math.Max(width, 1))}\" height=\"{T(Bottom - Top)}\"><title>{Escape(hint)}</title></rect>");

    /// <summary>Says why there is nothing to see.</summary>
    public void Empty(string text) =>
        _svg.Append($"<text class=\"empty\" text-anchor=\"middle\" x=\"{T((Left + Right) / 2)}\" y=\"{T((Top + Bottom) / 2)}\">{Escape(text)}</text>");

    /// <summary>Everything drawn so far.</summary>
    public override string ToString() => _svg.ToString();

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{T(point.X)},{T(point.Y)}"));

    private static string T(double coordinate) => Scale.Text(coordinate);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
