using System.Globalization;

namespace Pdm6.Capture.Live;

/// <summary>What a live capture came to.</summary>
/// <param name="Written">Packets in the file.</param>
/// <param name="Others">Packets that passed the kernel's filter and carry no measurement: not in the file.</param>
/// <param name="Missed">Packets that the kernel had no room for; null if it did not say.</param>
public readonly record struct LiveCaptureTally(long Written, long Others, long? Missed)
{
    /// <summary>The whole in one line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"captured {Written} packets, left out {Others} others; missed {(Missed is { } known ? known : "an unknown number of")}");
}
