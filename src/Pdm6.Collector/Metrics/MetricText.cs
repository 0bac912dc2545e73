using System.Globalization;
using System.Text;

namespace Pdm6.Collector.Metrics;

/// <summary>Writes the Prometheus text exposition format, version 0.0.4.</summary>
internal sealed class MetricText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a family; its samples follow.</summary>
    public void Family(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal))
            .Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    public void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        if (!labels.IsEmpty)
        {
            char before = '{';
            foreach ((string label, string text) in labels)
            {
                _text.Append(before).Append(label).Append("=\"");
                AppendEscaped(text);
                _text.Append('"');
                before = ',';
            }
            _text.Append('}');
        }
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public void Histogram(string name, TimeBuckets buckets, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        long cumulative = 0;
        for (int i = 0; i < TimeBuckets.UpperNs.Length; i++)
        {
            cumulative += buckets.Counts[i];
            string bound = (TimeBuckets.UpperNs[i] / 1e9).ToString("0.#####", CultureInfo.InvariantCulture);
            Sample(name + "_bucket", cumulative, [.. labels, ("le", bound)]);
        }
        Sample(name + "_bucket", buckets.Samples, [.. labels, ("le", "+Inf")]);
        Sample(name + "_sum", buckets.SumSeconds, labels);
        Sample(name + "_count", buckets.Samples, labels);
    }

    public override string ToString() => _text.ToString();

    private void AppendEscaped(string text)
    {
        foreach (char c in text)
            _ = c switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append(@"\n"),
                _ => _text.Append(c),
            };
    }
}
