namespace Pdm6.Fuzz.Engine;

/// <summary>What a run of one target came to.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Inputs">Mutated inputs run.</param>
/// <param name="Accepted">Inputs among them that were well-formed, or authentic.</param>
/// <param name="Features">Different things that happened.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Failure">The first failure, where the run ended; null if there was none.</param>
internal sealed record FuzzReport(
    string Target, long Inputs, long Accepted, int Features, TimeSpan Time, FuzzFailure? Failure);
