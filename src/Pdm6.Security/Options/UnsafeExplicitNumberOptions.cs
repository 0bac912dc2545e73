using Pdm6.Wire;

namespace Pdm6.Security.Options;

/// <summary>
/// UNSAFE: seals options under numbers that the caller names. Two options of one flow under one number give away both
/// blocks and the power to forge. It exists so that the codec can make test vectors and tests their packets, which state
/// their numbers; nothing that sends may use it. What sends is the kernel, which counts.
/// </summary>
internal sealed class UnsafeExplicitNumberOptions : IDisposable
{
    private readonly OptionKey _key;

    private UnsafeExplicitNumberOptions(OptionKey key) => _key = key;

    public static UnsafeExplicitNumberOptions FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch) =>
        FromPairSecret(pairSecret, suite, epoch, ShortAesGcm.IsAccelerated);

    public static UnsafeExplicitNumberOptions FromPairSecret(
        ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated) =>
        new(OptionKey.FromPairSecret(pairSecret, suite, epoch, accelerated));

    /// <summary>Writes a protected destination option: 40 octets. What the tag binds follows from the arguments, so it
    /// cannot contradict the nonce.</summary>
    /// <param name="flow">The flow of the packet, with the final destination.</param>
    /// <param name="optionType">The IPv6 option type.</param>
    /// <param name="psntp">Packet Sequence Number This Packet.</param>
    /// <param name="metrics">The text.</param>
    /// <param name="option">Receives the option.</param>
    public void SealDestinationOption(
        in FlowKey flow, byte optionType, uint psntp, in PdmMetrics metrics, Span<byte> option)
    {
        option = option[..Pdmv2OptionView.ProtectedSize];
        Pdmv2OptionView.WriteHeader(option, optionType, isProtected: true, _key.Epoch, psntp);
        Seal(
            flow, Carriage.DestinationOptionV2, psntp, option[..Pdmv2OptionView.AssociatedDataSize], metrics,
            option[Pdmv2OptionView.AssociatedDataSize..Pdmv2OptionView.ClearSize], option[Pdmv2OptionView.ClearSize..]);
    }

    /// <summary>Writes a whole surplus area with a protected UDP option; see
    /// <see cref="SealDestinationOption"/>.</summary>
    /// <param name="flow">The flow of the packet, with the final destination.</param>
    /// <param name="startsAtOddOffset">See <see cref="UdpSurplus.StartsAtOddOffset"/>.</param>
    /// <param name="exId">The ExID.</param>
    /// <param name="psntp">Packet Sequence Number This Packet.</param>
    /// <param name="metrics">The text.</param>
    /// <param name="surplus">Receives the area.</param>
    /// <returns>Octets written: 44, or 45 with a pad.</returns>
    public int SealUdpOption(
        in FlowKey flow, bool startsAtOddOffset, ushort exId, uint psntp, in PdmMetrics metrics, Span<byte> surplus)
    {
        Span<byte> associatedData = stackalloc byte[UdpOption.AssociatedDataSize];
        Span<byte> ciphertext = stackalloc byte[PdmMetrics.Size], tag = stackalloc byte[ShortAesGcm.TagSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, exId, _key.Epoch, psntp);
        Seal(flow, Carriage.UdpOption, psntp, associatedData, metrics, ciphertext, tag);
        return UdpOption.WriteProtected(surplus, startsAtOddOffset, associatedData, ciphertext, tag);
    }

    public void Dispose() => _key.Dispose();

    private void Seal(
        in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData, in PdmMetrics metrics,
        Span<byte> ciphertext, Span<byte> tag)
    {
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        metrics.Write(block);
        _key.Seal(flow, carriage, psntp, associatedData, block, ciphertext, tag);
    }
}
