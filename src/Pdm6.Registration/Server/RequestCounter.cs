namespace Pdm6.Registration.Server;

/// <summary>Counts requests. For any thread.</summary>
internal sealed class RequestCounter
{
    private long _total;

    public long Total => Volatile.Read(ref _total);

    public void Count() => Interlocked.Increment(ref _total);
}
