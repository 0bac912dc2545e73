using System.Diagnostics;

namespace Pdm6.Fuzz.Engine;

/// <summary>
/// Feeds one target mutated inputs. The seed decides everything but the moment when a run by time ends: inputs that
/// reach something new are kept and mutated in their turn.
/// </summary>
internal sealed class Fuzzer : IDisposable
{
    private const int MostKept = 1 << 13;

    private readonly FuzzTarget _target;
    private readonly FuzzRandom _random;
    private readonly Mutator _mutator;
    private readonly InputRecorder _recorder;
    private readonly List<byte[]> _parents = [];
    private readonly List<byte[]> _acceptedParents = [];
    private readonly HashSet<int> _features = [];
    private readonly byte[] _room;
    private long _inputs;
    private long _accepted;

    /// <param name="target">What to feed.</param>
    /// <param name="corpus">Inputs to begin with, besides the target's own seeds.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="recorderPath">Where the input at hand is kept.</param>
    public Fuzzer(FuzzTarget target, IEnumerable<byte[]> corpus, ulong seed, string recorderPath)
    {
        _target = target;
        _random = FuzzRandom.For(seed, target.Name);
        _mutator = new Mutator(_random, target.Tokens);
        _room = new byte[target.LargestInput];
        _recorder = new InputRecorder(recorderPath, target.Name, target.LargestInput);
        Start = [.. target.Seeds.Concat(corpus).Where(input => input.Length <= target.LargestInput)];
    }

    /// <summary>The inputs that a run begins with.</summary>
    public IReadOnlyList<byte[]> Start { get; }

    /// <summary>Inputs that reached something new, in the order of finding; the first so many are of <see cref="Start"/>.</summary>
    public IReadOnlyList<byte[]> Kept => _parents;

    /// <summary>How many inputs were run, from any thread.</summary>
    public long Position => _recorder.Position;

    /// <summary>Runs the inputs to begin with, then mutated ones, until so many are run or the time is up.</summary>
    /// <param name="most">Mutated inputs to run.</param>
    /// <param name="time">How long, at most.</param>
    public FuzzReport Run(long most, TimeSpan time)
    {
        Stopwatch watch = Stopwatch.StartNew();
        FuzzFailure? failure = null;
        for (int i = 0; i < Start.Count && failure is null; i++)
            failure = Try(Start[i], mutated: false);
        if (_parents.Count == 0)
            _parents.Add([]);
        while (failure is null && _inputs < most && ((_inputs & 255) != 0 || watch.Elapsed < time))
            failure = Try(Mutated(), mutated: true);
        return new FuzzReport(_target.Name, _inputs, _accepted, _features.Count, watch.Elapsed, failure);
    }

    /// <inheritdoc/>
    public void Dispose() => _recorder.Dispose();

    private ReadOnlySpan<byte> Mutated()
    {
        byte[] parent = Parent(), other = Parent();
        parent.CopyTo(_room, 0);
        int size = _mutator.Mutate(_room, parent.Length, other);
        if (_random.OneIn(2))
            size = _target.Repair(_room, size);
        return _room.AsSpan(0, size);
    }

    /// <summary>Any of those kept; half the time one that was accepted: there are many more ways to be wrong.</summary>
    private byte[] Parent()
    {
        List<byte[]> of = _acceptedParents.Count > 0 && _random.OneIn(2) ? _acceptedParents : _parents;
        return of[_random.Below(of.Count)];
    }

    private void Keep(byte[] input, FuzzOutcome outcome)
    {
        _parents.Add(input);
        if (outcome.IsAccepted)
            _acceptedParents.Add(input);
    }

    private FuzzFailure? Try(ReadOnlySpan<byte> input, bool mutated)
    {
        if (mutated)
            _inputs++;
        ReadOnlySpan<byte> guarded = _recorder.Take(input, _inputs);
        FuzzOutcome outcome;
        try
        {
            outcome = Run(guarded, out long allocated);
            // What the runtime does at the first visit of some code is no part of it: once more, then.
            if (_target.AllocatesNothing && allocated != 0 && mutated)
            {
                Run(guarded, out allocated);
                Expect.That(allocated == 0, "it allocates nothing");
            }
        }
#pragma warning disable CA1031 // Whatever a decoder throws is the finding.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return new FuzzFailure(input.ToArray(), _inputs, thrown);
        }
        if (outcome.IsAccepted && mutated)
            _accepted++;
        if (_features.Count < MostKept && _features.Add(outcome.Feature))
            Keep(input.ToArray(), outcome);
        return null;
    }

    private FuzzOutcome Run(ReadOnlySpan<byte> input, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        FuzzOutcome outcome = _target.Run(input);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return outcome;
    }
}
