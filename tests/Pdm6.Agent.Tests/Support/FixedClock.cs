namespace Pdm6.Agent.Tests.Support;

/// <summary>A clock that stands; waiting takes no time that counts.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime <= TimeSpan.Zero ? dueTime : TimeSpan.FromMilliseconds(1), period);
}
