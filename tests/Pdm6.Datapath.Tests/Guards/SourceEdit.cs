namespace Pdm6.Datapath.Tests.Guards;

/// <summary>Replaces one place of the programs' sources.</summary>
/// <param name="Old">What stands there: exactly once in all the files, or the edit fails.</param>
/// <param name="New">What shall stand there.</param>
internal sealed record SourceEdit(string Old, string New);
