using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Pdm6.Datapath.Tests;

namespace Pdm6.Agent.Tests.Support;

/// <summary>A thread in a network namespace of its own, which lives as long as the thread.</summary>
internal sealed partial class HostThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    internal HostThread()
    {
        _thread = new Thread(() => OwnNamespace.RunHere(() =>
        {
            foreach (Action action in _work.GetConsumingEnumerable())
                action();
        }));
        _thread.Start();
        Run(() => ThreadId = gettid());
    }

    /// <summary>The kernel's number of the thread.</summary>
    internal int ThreadId { get; private set; }

    /// <summary>Runs something on the thread and waits for its end.</summary>
    internal void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        using ManualResetEventSlim done = new();
        _work.Add(() =>
        {
            try
            {
                action();
            }
            catch (Exception e) // handed to the thread that waits
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            done.Set();
        });
        done.Wait();
        failure?.Throw();
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    [LibraryImport("libc")]
    private static partial int gettid();
}
