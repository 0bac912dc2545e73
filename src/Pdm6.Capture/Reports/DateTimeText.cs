using System.Globalization;

namespace Pdm6.Capture.Reports;

/// <summary>Instants for people: UTC, microseconds.</summary>
internal static class DateTimeText
{
    private const ulong NsPerTick = 100;

    public static string Of(ulong unixNs)
    {
        ulong ticks = Math.Min(unixNs / NsPerTick, (ulong)(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks));
        return DateTime.UnixEpoch.AddTicks((long)ticks).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }
}
