using Pdm6.Agent;
using Pdm6.Agent.Status;
using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Nonces;

/// <summary>An agent process that will not end by itself: Dispose is kill -9.</summary>
internal sealed class KilledAgent : IAsyncDisposable
{
    private readonly LabProcess _process;
    private readonly string _statusSocket;

    private KilledAgent(LabProcess process, string statusSocket) => (_process, _statusSocket) = (process, statusSocket);

    internal static KilledAgent Start(MeasuredHost host, LabFiles files) => new(
        host.Start("pdm6 agent", CommandLine.Of(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "pdm6.dll"), "agent", "--config", files.Configuration)),
        files.StatusSocket);

    /// <summary>The incarnation in use, as soon as the agent answers.</summary>
    internal async Task<IncarnationId> AskIncarnationAsync()
    {
        IncarnationId incarnation = default;
        await Poll.UntilAsync(
            async () =>
            {
                if (_process.HasExited)
                    throw _process.Failure($"ended with {_process.ExitCode}");
                try
                {
                    AgentStatus status = await AgentStatus.AskAsync(_statusSocket);
                    incarnation = status.IncarnationId;
                    return true;
                }
                catch (AgentException)
                {
                    return false; // not listening yet
                }
            },
            () => _process.Failure("does not answer").Message);
        return incarnation;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
