using Pdm6.Security.Options;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// Opens the metric blocks of one directed address pair in one epoch, of both option carriages (protocol reference,
/// section 6): for who was given a pair secret. It holds the session's key and base nonce. Opening is safe from several
/// threads. Where <see cref="ShortAesGcm.IsAccelerated"/> it allocates nothing; elsewhere a wrong tag has the price that
/// <see cref="ShortAesGcm"/> names.
/// </summary>
public sealed class PairOpener : IDisposable
{
    private readonly OptionKey _key;

    private PairOpener(OptionKey key) => _key = key;

    /// <summary>Derives the session of a pair.</summary>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="suite">The context's suite.</param>
    /// <param name="epoch">The epoch as on the wire, 12 bits.</param>
    /// <exception cref="ArgumentException">The secret has another length, the epoch more than 12 bits, or there is no
    /// such suite.</exception>
    public static PairOpener FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch) =>
        FromPairSecret(pairSecret, suite, epoch, ShortAesGcm.IsAccelerated);

    internal static PairOpener FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated) =>
        new(OptionKey.FromPairSecret(pairSecret, suite, epoch, accelerated));

    /// <summary>Opens a metric block.</summary>
    /// <param name="flow">The flow of the packet, with the final destination.</param>
    /// <param name="carriage">Where the option rides.</param>
    /// <param name="psntp">Packet Sequence Number This Packet.</param>
    /// <param name="associatedData">The octets of the option before the metric block, as they are on the wire.</param>
    /// <param name="ciphertext">16 octets.</param>
    /// <param name="tag">16 octets.</param>
    /// <param name="metricBlock">Receives 16 octets, zeros if the tag is wrong; may be the memory of the
    /// ciphertext.</param>
    /// <returns>False if the tag is wrong.</returns>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public bool TryOpen(
        in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> metricBlock)
    {
        if (ciphertext.Length != PdmMetrics.Size)
            throw new ArgumentException($"A metric block has {PdmMetrics.Size} octets.", nameof(ciphertext));
        return _key.TryOpen(flow, carriage, psntp, associatedData, ciphertext, tag, metricBlock);
    }

    /// <summary>Ends its use: the key and the base nonce are zeroed, by the last thread that is opening, if any
    /// is.</summary>
    public void Dispose() => _key.Dispose();
}
