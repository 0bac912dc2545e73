using Pdm6.Agent;
using Pdm6.Capture.Live;
using Pdm6.Collector;
using Pdm6.Lab;
using Pdm6.Probe;
using Pdm6.Registration;
using Pdm6.Registration.Identities;
using Pdm6.Security;

namespace Pdm6.Cli;

/// <summary>What the command tells its caller.</summary>
internal static class ExitCode
{
    internal const int Success = 0;
    internal const int Failure = 1;
    internal const int WrongUse = 2;
    /// <summary>Ended by Ctrl-C: 128 and the signal's number, as shells do.</summary>
    internal const int Interrupted = 130;

    /// <summary>Wrong use, a wrong configuration or a lacking host is 2; everything else that goes wrong is 1.</summary>
    internal static int Of(Exception exception) => exception switch
    {
        WrongUseException or KeyFileException or AgentException or CollectorConfigurationException
            or RelayConfigurationException or MissingPrerequisiteException or LiveCaptureException
            or ProbeException or IdentityException or RegistrarException => WrongUse,
        OperationCanceledException => Interrupted,
        _ => Failure,
    };
}
