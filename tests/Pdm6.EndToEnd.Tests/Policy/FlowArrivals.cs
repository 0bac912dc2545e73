namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>In which order the datagrams of some flows arrived.</summary>
internal sealed class FlowArrivals(int flows)
{
    private readonly int[] _highest = [.. Enumerable.Repeat(-1, flows)], _reordered = new int[flows];

    /// <summary>All that arrived.</summary>
    internal int Count { get; private set; }

    /// <summary>Of each flow: those that came after one with a higher number (RFC 4737 section 3).</summary>
    internal IReadOnlyList<int> Reordered => _reordered;

    internal void Note(int flow, int number)
    {
        Count++;
        if (number < _highest[flow])
            _reordered[flow]++;
        _highest[flow] = Math.Max(_highest[flow], number);
    }
}
