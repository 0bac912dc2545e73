using Microsoft.Extensions.Logging;
using Pdm6.Registration.Radius.Disconnect;
using Pdm6.Registration.Server;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Radius;

/// <summary>RADIUS beside a registrar: decides about enrolments, and revokes when a server says so. docs/radius.md</summary>
public sealed class RadiusService : IDisposable
{
    private readonly RadiusOptions _options;
    private readonly RadiusClient _client;
    private readonly DisconnectListener? _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    private RadiusService(RadiusOptions options, DisconnectListener? listener, TimeProvider time, Action<string> log)
    {
        _options = options;
        _client = new RadiusClient(options, time);
        _listener = listener;
        Judge = new RadiusJudge(_client, new SparseLog(log, time));
        _listening = listener?.RunAsync(_stop.Token) ?? Task.CompletedTask;
    }

    /// <summary>Decides about enrolments.</summary>
    public IEnrollmentJudge Judge { get; }

    /// <summary>Starts it.</summary>
    /// <param name="options">What the operator says. The service disposes it.</param>
    /// <param name="registrar">Revokes. Used until the service is disposed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Takes lines for people.</param>
    /// <exception cref="RegistrarException">The port for Disconnect-Requests cannot be taken.</exception>
    public static RadiusService Start(RadiusOptions options, RegistrarOperator registrar, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registrar);
        void Log(string line) => logger.LogWarning("{Line}", line);
        DisconnectListener? listener = options.DisconnectListener is null
            ? null
            : DisconnectListener.Open(options, (name, reason, _) => RevokeAsync(registrar, name, reason), time, Log);
        return new RadiusService(options, listener, time, Log);
    }

    /// <summary>Stops listening, once what was begun is stored, and forgets the secrets.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _listening.GetAwaiter().GetResult();
        _listener?.Dispose();
        _client.Dispose();
        _options.Dispose();
        _stop.Dispose();
    }

    private static async Task<ErrorCause> RevokeAsync(RegistrarOperator registrar, string name, string reason)
    {
        try
        {
            await registrar.RevokeAsync(name, "radius", reason).ConfigureAwait(false);
            return ErrorCause.None;
        }
        catch (RegistrarException error)
        {
            // The store is away, or there is nobody left to revoke.
            return error.InnerException is StoreUnavailableException ? ErrorCause.ResourcesUnavailable : ErrorCause.SessionContextNotFound;
        }
    }
}
