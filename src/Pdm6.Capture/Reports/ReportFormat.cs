namespace Pdm6.Capture.Reports;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>For people: aligned columns.</summary>
    Table,
    /// <summary>One object.</summary>
    Json,
    /// <summary>One object a line (JSON Lines).</summary>
    JsonLines,
    /// <summary>Comma-separated values under names (RFC 4180).</summary>
    Csv,
}
