using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>Work at the same time on processors of its own.</summary>
internal static unsafe partial class Processors
{
    private const int MaskWords = 16; // 1024 processors

    /// <summary>Runs each action on a thread bound to a processor that no other action has, all starting together.</summary>
    internal static void RunAtOnce(params Action[] actions)
    {
        int[] allowed = Allowed();
        Assert.True(allowed.Length >= actions.Length, $"this test needs {actions.Length} processors");
        using Barrier start = new(actions.Length);
        Run(actions, (i, action) =>
        {
            Bind(allowed[i]);
            start.SignalAndWait();
            action();
        });
    }

    /// <summary>Runs actions, as many as there may be, on threads dealt out to all processors and bound there, all starting
    /// together.</summary>
    internal static void RunOnAll(params Action[] actions)
    {
        int[] allowed = Allowed();
        using Barrier start = new(actions.Length);
        Run(actions, (i, action) =>
        {
            Bind(allowed[i % allowed.Length]);
            start.SignalAndWait();
            action();
        });
    }

    /// <summary>Runs all actions on threads bound to one and the same processor.</summary>
    internal static void RunOnOne(params Action[] actions)
    {
        int processor = Allowed()[0];
        Run(actions, (_, action) =>
        {
            Bind(processor);
            action();
        });
    }

    private static void Run(Action[] actions, Action<int, Action> run)
    {
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. actions.Select((action, i) => new Thread(() =>
        {
            try
            {
                run(i, action);
            }
            catch (Exception e) // handed to the thread that waits
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        failure?.Throw();
    }

    private static int[] Allowed()
    {
        ulong* mask = stackalloc ulong[MaskWords];
        Assert.True(sched_getaffinity(0, MaskWords * sizeof(ulong), mask) >= 0);
        List<int> allowed = [];
        for (int processor = 0; processor < MaskWords * 64; processor++)
            if ((mask[processor / 64] >> processor % 64 & 1) != 0)
                allowed.Add(processor);
        return [.. allowed];
    }

    // For the calling thread, which ends with its action.
    private static void Bind(int processor)
    {
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[processor / 64] = 1ul << processor % 64;
        Assert.Equal(0, sched_setaffinity(0, MaskWords * sizeof(ulong), mask));
    }

    [LibraryImport("libc")]
    private static partial int sched_getaffinity(int thread, nuint size, ulong* mask);
    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint size, ulong* mask);
}
