using Pdm6.Registration.Contract;

namespace Pdm6.Registration.Storage;

/// <summary>An envelope and the version of the feed that carries it.</summary>
internal readonly record struct StoredEnvelope(long Version, EnvelopeMessage Envelope)
{
    /// <summary>Octets, about what it takes in a page.</summary>
    public int Size => Envelope.Certificate.Length + Envelope.Body.Length + Envelope.Signature.Length;
}
