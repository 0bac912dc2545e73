using Pdm6.Lab;

namespace Pdm6.Cli;

/// <summary>This program, to be started again with another verb.</summary>
internal static class OwnProgram
{
    /// <summary>The command line that runs a verb.</summary>
    internal static CommandLine Command(params string[] arguments)
    {
        string path = Environment.ProcessPath ?? throw new LaboratoryException("The path of this program is not known.");
        // Started as "dotnet pdm6.dll", the process is dotnet's.
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? CommandLine.Of(path, [typeof(OwnProgram).Assembly.Location, .. arguments])
            : CommandLine.Of(path, arguments);
    }
}
