namespace Pdm6.Probe.Frames;

/// <summary>
/// What a closing request carries in a CUSTOM TLV: the four octets "P6E1". The prober has sent all it wanted and asks for
/// the final counts; the reflector answers and does not count it.
/// </summary>
internal static class ClosingMark
{
    internal static ReadOnlySpan<byte> Value => "P6E1"u8;
}
