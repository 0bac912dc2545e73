using System.Globalization;
using System.Text;

namespace Pdm6.Registration.Server;

/// <summary>The answer of <c>/metrics</c>: Prometheus text format, version 0.0.4.</summary>
internal sealed class MetricsPage(FeedNews news, RefusalLog refusals, RequestCounter requests)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public string Write()
    {
        StringBuilder text = new();
        Family(text, "pdm6_registrar_requests_total", "counter", "Requests that were answered, refusals included.");
        Sample(text, "pdm6_registrar_requests_total", requests.Total);
        Family(text, "pdm6_registrar_refused_total", "counter", "Refusals, by code.");
        foreach ((string code, long count) in refusals.Totals())
            Sample(text, $"pdm6_registrar_refused_total{{code=\"{code}\"}}", count);
        Family(text, "pdm6_registrar_feeds_waiting", "gauge", "Participants that wait for news.");
        Sample(text, "pdm6_registrar_feeds_waiting", news.Waiting);
        return text.ToString();
    }

    private static void Family(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Sample(StringBuilder text, string name, long value) =>
        text.Append(name).Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
