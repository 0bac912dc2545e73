using System.Net.Sockets;

namespace Pdm6.Agent.Status;

/// <summary>Tells every client one thing, one client after the other.</summary>
/// <param name="accept">Waits for the next client.</param>
/// <param name="answer">What to tell; called for each.</param>
/// <param name="time">Measures the pauses.</param>
internal sealed class StatusService(
    Func<CancellationToken, ValueTask<Socket>> accept, StatusService.Answer answer, TimeProvider time)
{
    /// <summary>What to tell a client, who may have something to say first.</summary>
    internal delegate Task<byte[]> Answer(Socket client, CancellationToken stop);

    /// <summary>How long it waits when no client can be accepted.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Works until <paramref name="stop"/>, and then ends without an error.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using Socket client = await accept(stop).ConfigureAwait(false);
                await TellAsync(client, stop).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // Too many open files, most likely. It would fail at once again, and take a processor.
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                // We are stopping, which the loop's condition tells.
            }
        }
    }

    private async Task TellAsync(Socket client, CancellationToken stop)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            byte[] told = await answer(client, stop).ConfigureAwait(false);
            deadline.CancelAfter(s_patience);
            await client.SendAsync(told, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // This client went away, or never reads: the next one's turn.
        }
    }
}
