using System.Runtime.InteropServices;

namespace Pdm6.Collector.Tests;

/// <summary>A collector's memory holds the key file's secret.</summary>
public sealed partial class ProtectionTests
{
    private const int GetDumpable = 3, SetDumpable = 4;

    [Fact]
    public async Task Collector_Started_LeavesNoCoreDump()
    {
        Assert.Equal(0, SetProcess(SetDumpable, 1, 0, 0, 0));

        await using Laboratory laboratory = await Laboratory.StartAsync();

        Assert.Equal(0, SetProcess(GetDumpable, 0, 0, 0, 0));
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int SetProcess(int option, nuint first, nuint second, nuint third, nuint fourth);
}
