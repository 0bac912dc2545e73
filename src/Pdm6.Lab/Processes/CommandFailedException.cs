namespace Pdm6.Lab;

/// <summary>A program that the laboratory ran ended with an error.</summary>
public sealed class CommandFailedException : LaboratoryException
{
    /// <summary>Creates the exception for a program that ran and failed.</summary>
    public CommandFailedException(string command, int exitCode, string standardError)
        : base($"'{command}' ended with {exitCode}: {FirstLine(standardError)}")
    {
        Command = command;
        ExitCode = exitCode;
        StandardError = standardError;
    }

    /// <summary>The command line as it was run.</summary>
    public string Command { get; }

    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; }

    /// <summary>All that the program wrote to its standard error.</summary>
    public string StandardError { get; }

    private static string FirstLine(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int end = trimmed.IndexOf('\n');
        return trimmed.IsEmpty ? "no message" : (end < 0 ? trimmed : trimmed[..end]).ToString();
    }
}
