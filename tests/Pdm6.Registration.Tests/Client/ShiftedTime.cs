namespace Pdm6.Registration.Tests.Client;

/// <summary>A clock that tests set.</summary>
/// <param name="haste">Waiting takes so much less time.</param>
internal sealed class ShiftedTime(int haste = 1) : TimeProvider
{
    private readonly Lock _gate = new();
    private TimeSpan _shift;

    public void Advance(TimeSpan time)
    {
        lock (_gate)
            _shift += time;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return base.GetUtcNow() + _shift;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime <= TimeSpan.Zero ? dueTime : dueTime / haste, period);
}
