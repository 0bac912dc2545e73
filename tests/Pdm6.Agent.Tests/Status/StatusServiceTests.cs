using System.Collections.Concurrent;
using System.Net.Sockets;
using Pdm6.Agent.Status;

namespace Pdm6.Agent.Tests.Status;

public class StatusServiceTests
{
    [Fact]
    public async Task RunAsync_NoClientCanBeAccepted_WaitsBeforeItTriesAgain()
    {
        using CancellationTokenSource stop = new();
        RecordingTime time = new();
        int attempts = 0;
        StatusService service = new(
            async token =>
            {
                // More than this would be an endless loop, were it not for the pauses.
                if (++attempts == 4)
                    await stop.CancelAsync();
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            },
            (_, _) => Task.FromResult<byte[]>([]), time);

        await service.RunAsync(stop.Token);

        // The last attempt fails while it is being stopped: nothing to wait for then.
        Assert.Equal(Enumerable.Repeat(StatusService.Pause, 3), time.Waits);
    }

    [Fact]
    public async Task RunAsync_ClientThatWentAway_CostsTheNextOneNoPause()
    {
        using CancellationTokenSource stop = new();
        RecordingTime time = new();
        int clients = 0;
        StatusService service = new(
            token =>
            {
                if (++clients == 3)
                    stop.Cancel();
                Socket gone = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                return ValueTask.FromResult(gone); // sending fails: it is not connected
            },
            (_, _) => Task.FromResult<byte[]>([1]), time);

        await service.RunAsync(stop.Token);

        Assert.Equal(3, clients);
        Assert.Empty(time.Waits);
    }

    /// <summary>Every wait is over at once, and remembered.</summary>
    private sealed class RecordingTime : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
