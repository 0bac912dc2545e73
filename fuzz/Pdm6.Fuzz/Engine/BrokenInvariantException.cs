namespace Pdm6.Fuzz.Engine;

/// <summary>A decoder broke a promise.</summary>
internal sealed class BrokenInvariantException(string message) : Exception(message);
