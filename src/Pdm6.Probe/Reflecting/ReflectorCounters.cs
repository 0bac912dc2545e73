namespace Pdm6.Probe.Reflecting;

/// <summary>How many datagrams met which outcome. Read from any thread.</summary>
public sealed class ReflectorCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<ReflectorOutcome>().Length];

    /// <summary>Datagrams with this outcome.</summary>
    public long this[ReflectorOutcome outcome] => Volatile.Read(ref _counts[(int)outcome]);

    /// <summary>All datagrams that came.</summary>
    public long Received => Enum.GetValues<ReflectorOutcome>().Sum(outcome => this[outcome]);

    internal void Count(ReflectorOutcome outcome) => Volatile.Write(ref _counts[(int)outcome], _counts[(int)outcome] + 1);
}
