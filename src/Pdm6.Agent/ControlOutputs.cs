using Pdm6.Agent.Paths;
using Pdm6.Agent.Reporting;

namespace Pdm6.Agent;

/// <summary>Whom the control loop tells what it decided.</summary>
internal sealed record ControlOutputs(
    ObservationPump Pump, ObservationSpool Spool, Introduction Introduction, CounterBook Book, CounterExporter Counters,
    ObservationExporter Observations, CollectorLink Link, PathWatch Paths);
