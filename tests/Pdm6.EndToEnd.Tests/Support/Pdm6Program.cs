using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests;

/// <summary>The real executable, as the build put it next to the tests.</summary>
internal static class Pdm6Program
{
    internal static CommandLine Command(params string[] arguments) =>
        CommandLine.Of(Path.Combine(AppContext.BaseDirectory, "pdm6"), arguments);
}
