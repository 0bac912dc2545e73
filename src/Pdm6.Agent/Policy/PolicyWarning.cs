namespace Pdm6.Agent.Policy;

/// <summary>Something in a policy that works, but hardly as it was meant.</summary>
/// <param name="Rule">Its place in the file, from 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">What is odd, and what to do.</param>
public sealed record PolicyWarning(int Rule, string Name, string Text);
