using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Pdm6.Security.Tests;

/// <summary>Things that happen at the same moment on threads of their own, round after round: what must hold whatever
/// the order gets its chance to break.</summary>
internal static class Contention
{
    /// <summary>In each round: prepares, then starts all actions at once and waits for the last. Ends early when a round
    /// says that there were enough. Throws what an action threw.</summary>
    /// <param name="rounds">The most rounds.</param>
    /// <param name="prepare">Given the round's number.</param>
    /// <param name="actions">What runs at the same time; the first on the calling thread.</param>
    /// <param name="isEnough">Asked behind each round; never enough if null.</param>
    public static void Run(int rounds, Action<int> prepare, Action[] actions, Func<bool>? isEnough = null)
    {
        Gathering gathering = new(actions.Length);
        Thread[] others = [.. actions[1..].Select(action => new Thread(() => gathering.Follow(action)))];
        foreach (Thread thread in others)
            thread.Start();
        try
        {
            for (int round = 0; round < rounds && (round == 0 || isEnough?.Invoke() != true); round++)
            {
                prepare(round);
                gathering.RunTogether(actions[0]);
            }
        }
        finally
        {
            gathering.End();
            foreach (Thread thread in others)
                thread.Join();
        }
        gathering.ThrowIfFailed();
    }

    /// <summary>Spins until it is so: threads that were asleep would not start at the same moment. On a busy machine it
    /// is the longer spinning that lets two threads meet, each on a processor of its own.</summary>
    public static void SpinUntil(Func<bool> isSo)
    {
        const int SpinsBeforeYield = 20_000; // about a quarter of a millisecond
        long start = Stopwatch.GetTimestamp();
        for (int i = 1; !isSo(); i++)
        {
            if (i % SpinsBeforeYield != 0)
                continue;
            Thread.Yield(); // there may be more threads than processors
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new TimeoutException("The other thread did not come.");
        }
    }

    private sealed class Gathering(int size)
    {
        private int _arrived, _done; // threads of all rounds so far
        private int _round;
        private volatile bool _ended;
        private ExceptionDispatchInfo? _failure;

        public void RunTogether(Action action)
        {
            Join(++_round, action);
            ThrowIfFailed();
        }

        public void Follow(Action action)
        {
            for (int round = 1; !_ended; round++)
                Join(round, action);
        }

        public void End() => _ended = true;

        public void ThrowIfFailed() => _failure?.Throw();

        private void Join(int round, Action action)
        {
            Interlocked.Increment(ref _arrived);
            SpinUntil(() => _ended || Volatile.Read(ref _arrived) >= round * size);
            if (_ended)
                return;
            try
            {
                action();
            }
            catch (Exception failure)
            {
                _failure ??= ExceptionDispatchInfo.Capture(failure);
            }
            Interlocked.Increment(ref _done);
            SpinUntil(() => Volatile.Read(ref _done) >= round * size);
        }
    }
}
