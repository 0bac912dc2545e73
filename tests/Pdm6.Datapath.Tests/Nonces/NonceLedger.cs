using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>
/// Every option that was seen, by the key and the nonce that it was sealed with. The key is the one that was given to
/// the kernel, octet by octet; the nonce is proven by the tag: an option that does not open was sealed with another.
/// </summary>
internal sealed class NonceLedger : IDisposable
{
    private readonly Dictionary<(AddressPair, ushort), List<SessionKey>> _keys = [];
    private readonly List<FramesKey> _framesKeys = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<(int Key, UInt128 Nonce), OptionBytes> _seen = [];

    /// <summary>Options that were added.</summary>
    internal int Options { get; private set; }

    /// <summary>Options that no key opens under the nonce that their packet tells.</summary>
    internal int Unopened { get; private set; }

    /// <summary>Options whose key and nonce another option with other contents had: what may never be.</summary>
    internal int Repetitions { get; private set; }

    /// <summary>Options that came again, octet for octet: segments of one super-packet.</summary>
    internal int Copies { get; private set; }

    /// <summary>Keys under which something was sealed.</summary>
    internal int KeysUsed => _seen.Keys.Select(entry => entry.Key).Distinct().Count();

    /// <summary>Takes a key that was given to the kernel.</summary>
    internal void AddKey(AddressPair pair, ushort epoch, SessionKey key)
    {
        if (!_keys.TryGetValue((pair, epoch), out List<SessionKey>? keys))
            _keys[(pair, epoch)] = keys = [];
        keys.Add(key);
        _numbers.TryAdd(key.Identity, _numbers.Count);
    }

    /// <summary>The same for a key of udp-frames.</summary>
    internal void AddKey(FramesKey key)
    {
        _framesKeys.Add(key);
        _numbers.TryAdd(key.Identity, _numbers.Count);
    }

    internal void Add(in SealedFrame frame)
    {
        Options++;
        // From the newest on: most were sealed in the last epochs.
        for (int i = _framesKeys.Count - 1; i >= 0; i--)
        {
            if (!_framesKeys[i].TryOpen(frame.Octets, out _))
                continue;
            Enter((_numbers[_framesKeys[i].Identity], frame.Nonce), frame.Octets);
            return;
        }
        Unopened++;
    }

    internal void Add(IEnumerable<SealedOption> options)
    {
        foreach (SealedOption option in options)
            Add(option);
    }

    internal void Add(in SealedOption option)
    {
        Options++;
        AddressPair pair = new(option.Flow.Source, option.Flow.Destination);
        foreach (SessionKey key in _keys.GetValueOrDefault((pair, option.Epoch), []))
        {
            if (!key.TryOpen(option, out UInt128 nonce))
                continue;
            Enter((_numbers[key.Identity], nonce), option.Option);
            return;
        }
        Unopened++;
    }

    private void Enter((int Key, UInt128 Nonce) entry, in OptionBytes octets)
    {
        if (_seen.TryAdd(entry, octets))
            return;
        if (_seen[entry] == octets)
            Copies++;
        else
            Repetitions++;
    }

    /// <summary>The rule that may never break, and that the test saw what it thinks it saw.</summary>
    internal void AssertSound(int options)
    {
        Assert.Equal((0, 0, 0), (Repetitions, Copies, Unopened));
        Assert.Equal(options, Options);
    }

    public void Dispose()
    {
        foreach (SessionKey key in _keys.Values.SelectMany(keys => keys))
            key.Dispose();
        _framesKeys.ForEach(key => key.Dispose());
    }

    public override string ToString() => $"{Options} options under {KeysUsed} keys, {Repetitions} repetitions, {Unopened} unopened";
}
