namespace Pdm6.Agent.Policy;

/// <summary>One rule, tried on a packet.</summary>
/// <param name="Rule">Its place in the file, from 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Fits">Does it fit?</param>
/// <param name="Why">The first respect in which it does not; what it does with the packet if it does.</param>
public sealed record PolicyStep(int Rule, string Name, bool Fits, string Why);
