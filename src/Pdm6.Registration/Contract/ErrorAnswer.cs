namespace Pdm6.Registration.Contract;

/// <summary>A refusal.</summary>
/// <param name="Error">One of <see cref="ErrorCodes"/>: for programs.</param>
/// <param name="Message">One sentence that says what to do next: for people.</param>
public sealed record ErrorAnswer(string Error, string Message);
