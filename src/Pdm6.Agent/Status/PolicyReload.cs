namespace Pdm6.Agent.Status;

/// <summary>How often the policy was reloaded, and what came of it.</summary>
/// <param name="Attempts">Reloads since the agent started, with those that were refused.</param>
/// <param name="Trouble">Why the last one was refused; empty if it was not.</param>
public sealed record PolicyReload(int Attempts, string Trouble);
