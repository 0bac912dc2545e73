using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Storage;

/// <summary>An envelope and the version of the feed that carries it.</summary>
internal readonly record struct StoredEnvelope(long Version, SignedEnvelope Envelope)
{
    /// <summary>Octets, about what it takes in a page.</summary>
    public int Size => Envelope.Certificate.Length + Envelope.Body.Length + Envelope.Signature.Length;
}
