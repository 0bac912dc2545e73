using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// Destination options where their owner keeps them, in whatever shape. <see cref="OptionOpener"/> reads them there: to copy
/// an option with its flow into a shape of the opener's own takes as long as to open it.
/// </summary>
public interface IDestinationOptions
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>False for what is no destination option: the opener passes it over.</summary>
    /// <param name="index">Below <see cref="Count"/>.</param>
    bool IsOption(int index);

    /// <summary>The flow of its packet, with the final destination.</summary>
    /// <param name="index">Of an option.</param>
    ref readonly FlowKey FlowOf(int index);

    /// <summary>The option from its type octet on.</summary>
    /// <param name="index">Of an option.</param>
    ReadOnlySpan<byte> OctetsOf(int index);

    /// <summary>When it was observed, nanoseconds since the Unix epoch.</summary>
    /// <param name="index">Of an option.</param>
    ulong ObservedAtNsOf(int index);
}
