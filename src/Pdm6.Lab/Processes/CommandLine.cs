using System.ComponentModel;
using System.Diagnostics;

namespace Pdm6.Lab;

/// <summary>A program and its arguments, not yet running.</summary>
/// <param name="Program">Name looked up in PATH, or a path.</param>
/// <param name="Arguments">Arguments as the program sees them: no shell, no quoting.</param>
public sealed record CommandLine(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>A command from a program and its arguments.</summary>
    public static CommandLine Of(string program, params string[] arguments) => new(program, arguments);

    /// <summary>
    /// Runs the command to its end and returns what it wrote to standard output.
    /// </summary>
    /// <exception cref="CommandFailedException">It ended with another code than 0.</exception>
    /// <exception cref="MissingPrerequisiteException">It is not installed.</exception>
    public string Run()
    {
        ProgramResult result = RunAsync().GetAwaiter().GetResult();
        return result.ExitCode == 0
            ? result.Output
            : throw new CommandFailedException(ToString(), result.ExitCode, result.Errors);
    }

    /// <summary>Runs the command to its end and returns how it ended, whatever its exit code.</summary>
    /// <exception cref="MissingPrerequisiteException">It is not installed.</exception>
    public async Task<ProgramResult> RunAsync()
    {
        using Process process = Start(redirectInput: false);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().ConfigureAwait(false);
        return new ProgramResult(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    /// <summary>The command line as a person would type it.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));

    internal Process Start(bool redirectInput)
    {
        ProcessStartInfo start = new(Program, Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = redirectInput,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start) ?? throw new LaboratoryException($"'{Program}' did not start.");
        }
        catch (Win32Exception e)
        {
            throw new MissingPrerequisiteException($"'{Program}' cannot be run ({e.Message}). Is it installed?", e);
        }
    }
}
