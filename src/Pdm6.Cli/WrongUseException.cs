namespace Pdm6.Cli;

/// <summary>The command was used in a way that cannot work; the message is one line that says what to do.</summary>
internal sealed class WrongUseException(string message) : Exception(message);
