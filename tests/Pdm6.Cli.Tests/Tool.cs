namespace Pdm6.Cli.Tests;

/// <summary>The command <c>pdm6</c> in this process.</summary>
internal static class Tool
{
    internal static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        int code = await CommandLineTool.Create().RunAsync(arguments, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
