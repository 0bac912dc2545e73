namespace Pdm6.Measurement;

/// <summary>
/// Where a <see cref="FlowMeter"/> keeps a flow, so that who knows the flow already need not have it looked up. Of one meter
/// and one flow; the default value knows nothing yet and learns. A flow that was forgotten meanwhile is looked up again.
/// </summary>
public struct FlowPlace
{
    private Direction? _direction;
    private ulong _id;

    /// <summary>The flow's direction, if the meter still has it; else null.</summary>
    internal readonly Direction? Direction => _direction is { } direction && direction.Id == _id ? direction : null;

    internal void Learn(Direction direction) => (_direction, _id) = (direction, direction.Id);

    /// <summary>Reads a little of everything that the meter knows of the flow. Called for several flows before the first of
    /// them is used, it lets the memory answer for all at the same time.</summary>
    /// <returns>Of no meaning; who throws it away throws the reading away.</returns>
    public readonly ulong Fetch() => _direction?.Fetch() ?? 0;

    /// <summary>The same for what lies a step further.</summary>
    /// <returns>Of no meaning.</returns>
    public readonly ulong FetchFurther() => _direction?.Conversation.Fetch() ?? 0;
}
