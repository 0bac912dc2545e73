using System.Globalization;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>Maps values to a line of the plot, evenly or by their logarithm, and chooses where to put marks.</summary>
internal sealed class Scale
{
    private const int FewestMarks = 4;

    private readonly double _low, _high;
    private readonly bool _isLogarithmic;
    private readonly double _from, _to;

    private Scale(double low, double high, bool isLogarithmic, double from, double to) =>
        (_low, _high, _isLogarithmic, _from, _to) = (low, high, isLogarithmic, from, to);

    /// <summary>Evenly from 0.</summary>
    public static Scale Linear(double high, double from, double to) => new(0, Math.Max(high, double.Epsilon), false, from, to);

    /// <summary>By powers of ten between two values above 0.</summary>
    public static Scale Logarithmic(double low, double high, double from, double to) =>
        new(Math.Max(low, 1), Math.Max(high, Math.Max(low, 1) * 1.1), true, from, to);

    /// <summary>Evenly, unless what is usual would then lie at the very bottom.</summary>
    public static Scale For(double usual, double high, double least, double from, double to)
    {
        const double Spread = 12;
        return usual > 0 && high > Spread * usual ? Logarithmic(least, high, from, to) : Linear(high * 1.05, from, to);
    }

    /// <summary>Where a value lies.</summary>
    public double At(double value) => _from + (_to - _from) * Math.Clamp(Share(value), 0, 1);

    /// <summary>Round values to mark.</summary>
    public IEnumerable<double> Marks() => _isLogarithmic ? LogarithmicMarks() : LinearMarks();

    private double Share(double value) => _isLogarithmic
        ? (Math.Log10(Math.Max(value, _low)) - Math.Log10(_low)) / (Math.Log10(_high) - Math.Log10(_low))
        : (value - _low) / (_high - _low);

    private IEnumerable<double> LinearMarks()
    {
        double rough = (_high - _low) / FewestMarks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { >= 5 => 5, >= 2 => 2, _ => 1 });
        for (double mark = 0; mark <= _high; mark += step)
            yield return mark;
    }

    private IEnumerable<double> LogarithmicMarks()
    {
        // Of each power of ten as much as there is room for.
        double decades = Math.Log10(_high / _low);
        double[] steps = decades < 0.7 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 1.5 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(_low))); power <= _high; power *= 10)
            foreach (double step in steps)
                if (power * step >= _low && power * step <= _high)
                    yield return power * step;
    }

    /// <summary>A coordinate as SVG wants it.</summary>
    public static string Text(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);
}
