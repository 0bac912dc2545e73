namespace Pdm6.Agent.Paths;

/// <summary>One path.</summary>
/// <param name="Source">An address of this host.</param>
/// <param name="Destination">The other end.</param>
/// <param name="IsAnswered">False if nobody answers there, with or without an option: nothing can be told.</param>
/// <param name="Lost">The forms that do not arrive whole: names of <see cref="PathForm"/>.</param>
/// <param name="NextTrialSeconds">When they are tried again; 0 if nothing is lost.</param>
public sealed record PathStatus(string Source, string Destination, bool IsAnswered, IReadOnlyList<string> Lost, double NextTrialSeconds);
