using System.Threading.Channels;

namespace Pdm6.Collector.Ingest;

/// <summary>
/// The bounded way from the listener to the pipeline. When it is full the senders wait, then keep what they have: a
/// slow disk ends in the agents' spools and not in this process's memory.
/// </summary>
internal sealed class IngestQueue
{
    /// <summary>With full batches, about 40 MB.</summary>
    public const int Capacity = 64;

    private readonly Channel<IngestMessage> _channel = Channel.CreateBounded<IngestMessage>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<IngestMessage> Reader => _channel.Reader;

    /// <summary>False if there was no room in time, or the collector is stopping.</summary>
    public async Task<bool> TryAddAsync(IngestMessage message, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_channel.Writer.TryWrite(message))
            return true;
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            await _channel.Writer.WriteAsync(message, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void Close() => _channel.Writer.TryComplete();
}
