namespace Pdm6.Bench;

/// <summary>One of the ways that are compared.</summary>
/// <param name="Name">What a person reads.</param>
/// <param name="MeasureNs">Runs one short window and returns the nanoseconds that one item took in it.</param>
internal sealed record Contender(string Name, Func<double> MeasureNs);
