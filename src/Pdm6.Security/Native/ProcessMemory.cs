using System.Runtime.InteropServices;

namespace Pdm6.Security;

/// <summary>Keeps the secrets of this process out of core dumps, out of debuggers of other users, and out of
/// swap.</summary>
public static partial class ProcessMemory
{
    private const int SetDumpable = 4;
    private const int LockCurrent = 1, LockFuture = 2, LockOnFault = 4;

    /// <summary>Does what the system allows, and returns one line for each thing that it does not.</summary>
    public static IReadOnlyList<string> Protect()
    {
        List<string> refused = [];
        if (SetProcess(SetDumpable, 0, 0, 0, 0) != 0)
            refused.Add($"Core dumps cannot be forbidden: {Marshal.GetLastPInvokeErrorMessage()}");
        // On fault: the runtime reserves far more address space than it uses.
        if (LockMemory(LockCurrent | LockFuture | LockOnFault) != 0)
            refused.Add($"Memory cannot be kept out of swap: {Marshal.GetLastPInvokeErrorMessage()}; raise the limit 'memlock'");
        return refused;
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int SetProcess(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "mlockall", SetLastError = true)]
    private static partial int LockMemory(int flags);
}
