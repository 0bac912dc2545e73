namespace Pdm6.Probe.Reports;

/// <summary>How results are written.</summary>
public enum ReportFormat
{
    /// <summary>For people, as ping writes.</summary>
    Text,
    /// <summary>One row for each target.</summary>
    Table,
    /// <summary>One object, as irtt writes; an array of them for several targets.</summary>
    Json,
    /// <summary>One object a line for each event, and one with the totals at the end.</summary>
    JsonLines,
    /// <summary>One row for each event.</summary>
    Csv,
    /// <summary>The array of a RIPE Atlas ping measurement.</summary>
    Atlas,
    /// <summary>The result of a pScheduler latency task; an array of them for several targets.</summary>
    PScheduler,
    /// <summary>Prometheus text, for a textfile collector.</summary>
    Prometheus,
}
