namespace Pdm6.Registration.Tests.Client;

/// <summary>A clock that tests set; waiting takes a hundredth.</summary>
internal sealed class ShiftedTime : TimeProvider
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
        base.CreateTimer(callback, state, dueTime <= TimeSpan.Zero ? dueTime : dueTime / 100, period);
}
