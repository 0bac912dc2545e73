namespace Pdm6.Security;

/// <summary>
/// Keeps a secret from being erased under somebody who uses it. Closing bars new users; the last one to leave erases, or
/// who closes, if nobody is inside. One interlocked operation on the way in and one on the way out.
/// </summary>
/// <param name="erase">Called once.</param>
internal sealed class UseGate(Action erase)
{
    // The low bits count the users inside. Closed is the sign, so that one comparison tells.
    private const int Closed = int.MinValue;
    private const int Erased = 1 << 30;

    private int _state;

    /// <summary>True from the first <see cref="Close"/> on.</summary>
    public bool IsClosed => Volatile.Read(ref _state) < 0;

    /// <summary>Begins a use, which ends with the visit.</summary>
    /// <param name="owner">Whose gate it is.</param>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public Visit Enter(object owner)
    {
        if (Interlocked.Increment(ref _state) >= 0)
            return new Visit(this);
        Leave();
        throw new ObjectDisposedException(owner.GetType().FullName);
    }

    /// <summary>Ends all use, if not now, then as soon as those inside are done.</summary>
    public void Close()
    {
        if (Interlocked.Or(ref _state, Closed) == 0)
            Erase();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Closed)
            Erase();
    }

    /// <summary>Once, although those who come too late count as inside for a moment and can be the last more than
    /// once.</summary>
    private void Erase()
    {
        if (Interlocked.CompareExchange(ref _state, Closed | Erased, Closed) == Closed)
            erase();
    }

    /// <summary>The time inside; the default value is inside nothing.</summary>
    public readonly ref struct Visit(UseGate? gate) : IDisposable
    {
        public void Dispose() => gate?.Leave();
    }
}
