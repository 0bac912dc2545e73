using Microsoft.Extensions.Logging;

namespace Pdm6.Registration.Server;

/// <summary>Work that nobody waits for: if it ends by a mistake, the log is the only place where that shows.</summary>
internal static class Unattended
{
    /// <summary>Starts the work on the thread pool.</summary>
    /// <param name="work">Ends when <paramref name="stop"/> is cancelled.</param>
    /// <param name="log">Where a mistake is told.</param>
    /// <param name="consequence">What no longer happens then, as a sentence.</param>
    /// <param name="stop">Ends it.</param>
    public static Task Start(Func<Task> work, ILogger log, string consequence, CancellationToken stop) => Task.Run(
        async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // As asked.
            }
#pragma warning disable CA1031 // Whatever it is, the operator has to hear of it; the registrar answers on.
            catch (Exception mistake)
#pragma warning restore CA1031
            {
                log.LogCritical(mistake, "{Consequence} Start the registrar again, and report this.", consequence);
            }
        },
        CancellationToken.None);
}
