using System.Globalization;
using Pdm6.Capture.Analysis;

namespace Pdm6.Capture.Reports.Plots;

/// <summary>Lost packets over time, as a share of those that were sent.</summary>
internal static class LossPlot
{
    private const double LeastTop = 1;
    private const int MostBars = 128;

    public static string Draw(Timeline whole)
    {
        Canvas canvas = new("Loss, percent of packets sent", ("loss fill", "lost"));
        Timeline timeline = whole.Coarser(MostBars);
        (int Index, long Lost, long Sent)[] spans = [.. timeline.Bins.Select(entry =>
            (entry.Index, Math.Max(0, entry.Bin.Lost), entry.Bin.Packets + Math.Max(0, entry.Bin.Lost)))];
        if (spans.Length == 0)
        {
            canvas.Empty("no packets");
            return canvas.ToString();
        }
        TimeAxis time = new(timeline, whole);
        Scale share = Scale.Linear(Math.Max(LeastTop, spans.Max(Percent) * 1.05), Canvas.Bottom, Canvas.Top);
        canvas.AxisY(share, mark => $"{mark.ToString("0.##", CultureInfo.InvariantCulture)} %");
        time.Draw(canvas);
        foreach ((int Index, long Lost, long Sent) span in spans.Where(span => span.Lost > 0))
            canvas.Bar("loss fill", time.Begin(span.Index), time.BinWidth, share.At(Percent(span)),
                string.Create(CultureInfo.InvariantCulture, $"{time.Text(span.Index)}: {span.Lost} of {span.Sent} lost ({Percent(span):0.##} %)"));
        if (spans.All(span => span.Lost == 0))
            canvas.Empty("nothing was lost");
        return canvas.ToString();
    }

    private static double Percent((int Index, long Lost, long Sent) span) => span.Sent == 0 ? 0 : 100.0 * span.Lost / span.Sent;
}
