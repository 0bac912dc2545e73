using System.Runtime.InteropServices;

namespace Pdm6.Agent.Status;

/// <summary>Asks a running agent to read its rules again.</summary>
public static partial class ReloadRequest
{
    private const int HangUp = 1; // SIGHUP
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends SIGHUP to the agent behind a status socket and waits for what comes of it.</summary>
    /// <exception cref="AgentException">No agent answers, or it refused the rules: the old ones stay.</exception>
    public static async Task SendAsync(string socketPath, CancellationToken cancellationToken)
    {
        AgentStatus before = await AgentStatus.AskAsync(socketPath, cancellationToken).ConfigureAwait(false);
        if (kill(before.ProcessId, HangUp) != 0)
            throw new AgentException($"The agent behind {socketPath} cannot be signalled: run this as its user, in its process namespace");
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        try
        {
            while (true)
            {
                PolicyReload now = (await AgentStatus.AskAsync(socketPath, deadline.Token).ConfigureAwait(false)).PolicyReload;
                if (now.Attempts == before.PolicyReload.Attempts)
                    await Task.Delay(s_pause, deadline.Token).ConfigureAwait(false);
                else if (now.Trouble.Length != 0)
                    throw new AgentException(Refused(now.Trouble));
                else
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentException($"The agent behind {socketPath} did not reload its rules within {s_patience.TotalSeconds} s; its log may say why, "
                + "and one that was started with nohup hears no SIGHUP");
        }
    }

    /// <summary>What to say when rules cannot be.</summary>
    /// <param name="trouble">Why, and what to do.</param>
    public static string Refused(string trouble) => $"The policy stays as it was: {trouble}";

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
