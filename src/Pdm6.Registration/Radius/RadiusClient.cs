namespace Pdm6.Registration.Radius;

/// <summary>Asks the operator's RADIUS servers, in their order, about participants; from any thread.</summary>
/// <param name="options">The servers. The caller keeps and disposes them, after the client.</param>
/// <param name="time">The clock for how long a silent server is asked last.</param>
internal sealed class RadiusClient(RadiusOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Requests under way at once; the others wait for their turn.</summary>
    public const int MostAtOnce = 64;

    private static readonly TimeSpan PassedOver = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly DateTimeOffset[] _silentUntil = new DateTimeOffset[options.Servers.Count];
    private readonly Lock _lock = new();

    /// <summary>Asks one server after the other until one answers. If none does, the answer is of kind
    /// <see cref="RadiusAnswerKind.None"/> and its message says what is wrong with each.</summary>
    /// <param name="question">About whom.</param>
    /// <param name="password">What the participant brought; not used if the operator has set one for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ArgumentException">No password, or a longer one than RADIUS can carry.</exception>
    public async Task<RadiusAnswer> AskAsync(RadiusQuestion question, ReadOnlyMemory<byte> password, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            List<string> failures = [];
            foreach (int index in InOrder())
            {
                RadiusServer server = options.Servers[index];
                byte[] request = AccessRequest.Write(
                    question, options.Password is { } common ? common.Octets : password.Span, options, server.Secret);
                RadiusAnswer answer = await AskAsync(index, server, request, cancellation).ConfigureAwait(false);
                Remember(index, isSilent: answer.Kind == RadiusAnswerKind.None);
                if (answer.Kind != RadiusAnswerKind.None)
                    return answer;
                failures.Add(answer.Message);
            }
            return new RadiusAnswer { Kind = RadiusAnswerKind.None, Message = string.Join("; ", failures) };
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<RadiusAnswer> AskAsync(int index, RadiusServer server, byte[] request, CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        try
        {
            return await RadiusExchange.AskAsync(server, request, options, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (time.GetElapsedTime(began) >= TimeSpan.FromSeconds(options.TimeoutSeconds))
        {
            // Whoever asks may have less patience than all tries take, and comes back: then the next server has its turn.
            Remember(index, isSilent: true);
            throw;
        }
    }

    /// <summary>Those that were silent a moment ago come last.</summary>
    private int[] InOrder()
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
            return [.. Enumerable.Range(0, _silentUntil.Length).OrderBy(index => _silentUntil[index] > now)];
    }

    private void Remember(int index, bool isSilent)
    {
        lock (_lock)
            _silentUntil[index] = isSilent ? time.GetUtcNow() + PassedOver : default;
    }
}
