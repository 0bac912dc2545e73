using System.CommandLine;
using Pdm6.Capture;
using Pdm6.Security.Files;

namespace Pdm6.Cli.Analysis;

/// <summary>What verbs that copy a capture have in common: files, progress, the line at the end, the exit code.</summary>
internal static class CopyRun
{
    /// <param name="parsed">The command line.</param>
    /// <param name="input">The capture.</param>
    /// <param name="output">The copy; it appears when it is whole.</param>
    /// <param name="overwrite">Replace what is there.</param>
    /// <param name="copy">Copies, and tells what it did.</param>
    /// <param name="hasContent">Whether it did anything.</param>
    internal static int Run<TTally>(
        ParseResult parsed, string input, string output, bool overwrite,
        Func<CaptureReader, PcapngWriter, Action, TTally> copy, Func<TTally, bool> hasContent)
    {
        TextWriter errors = parsed.InvocationConfiguration.Error;
        using CaptureReader capture = CaptureReader.Open(input);
        using AtomicFile file = new(output, overwrite);
        using PcapngWriter writer = new(file.Stream);
        TTally tally;
        using (ProgressLine progress = new(errors, !Console.IsErrorRedirected))
            tally = copy(capture, writer, () => progress.Show(capture.ReadShare));
        if (capture.Problem is not null && !hasContent(tally))
        {
            errors.WriteLine($"pdm6: {capture.Problem}");
            return ExitCode.Failure;
        }
        writer.Flush();
        file.Commit();
        parsed.InvocationConfiguration.Output.WriteLine(tally);
        if (capture.Problem is null)
            return ExitCode.Success;
        errors.WriteLine($"pdm6: {capture.Problem} What came before is in the copy.");
        return ExitCode.Failure;
    }
}
