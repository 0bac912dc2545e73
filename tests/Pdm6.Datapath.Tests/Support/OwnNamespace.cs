using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Tests;

/// <summary>
/// Runs a test on a thread with a network namespace of its own. The namespace has no name and goes with the thread,
/// so nothing is left behind however the test ends.
/// </summary>
internal static partial class OwnNamespace
{
    private const int NewNetworkNamespace = 0x40000000;

    internal static void Run(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                RunHere(test);
            }
            catch (Exception e) // handed to the thread that waits
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>The same on the calling thread, which must end soon after: it never comes back from the namespace.</summary>
    internal static void RunHere(Action test)
    {
        Assert.Equal(0, unshare(NewNetworkNamespace));
        test();
    }

    /// <summary>Runs a program in the namespace and returns what it printed.</summary>
    internal static string Execute(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
        return output;
    }

    /// <summary>Makes a pair of Ethernet interfaces, both up, and returns the index of the first.</summary>
    internal static int AddVethPair(string first, string second)
    {
        Execute("ip", "link", "add", first, "type", "veth", "peer", "name", second);
        Execute("ip", "link", "set", first, "up");
        Execute("ip", "link", "set", second, "up");
        return HostInterface.Find(first)!.Index;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);
}
