namespace Pdm6.Registration.Tests.Client;

/// <summary>The time of another clock; waiting takes a hundredth.</summary>
internal sealed class HastyTime(TimeProvider clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime <= TimeSpan.Zero ? dueTime : dueTime / 100, period);
}
