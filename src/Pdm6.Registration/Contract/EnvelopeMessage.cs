using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Contract;

/// <summary>A signed envelope on its way: octets that nothing has verified yet.</summary>
/// <param name="Certificate">The signer's certificate, DER.</param>
/// <param name="Body">The octets that were signed.</param>
/// <param name="Signature">The signature.</param>
public sealed record EnvelopeMessage(byte[] Certificate, byte[] Body, byte[] Signature)
{
    /// <summary>The message that carries an envelope.</summary>
    public static EnvelopeMessage Of(SignedEnvelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return new EnvelopeMessage(envelope.Certificate, envelope.Body, envelope.Signature);
    }

    /// <summary>The envelope, for a gate to judge.</summary>
    public SignedEnvelope ToEnvelope() => new(Certificate, Body, Signature);
}
