namespace Pdm6.Security;

/// <summary>A secret that sender and recipient share beforehand, and its name (RFC 9180, section 5.1.2). It holds the
/// caller's memory, not a copy.</summary>
public readonly ref struct HpkePsk
{
    /// <summary>The fewest octets of a secret: it must not be possible to guess it (RFC 9180, section 9.5).</summary>
    public const int SmallestSize = 32;

    /// <summary>A pre-shared key.</summary>
    /// <param name="secret">At least 32 octets that nobody can guess: never a password.</param>
    /// <param name="id">Names the secret to the recipient; not empty.</param>
    /// <exception cref="ArgumentException">The secret is too short, or the id empty.</exception>
    public HpkePsk(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> id)
    {
        if (secret.Length < SmallestSize)
            throw new ArgumentException($"A pre-shared key has at least {SmallestSize} octets.", nameof(secret));
        if (id.IsEmpty)
            throw new ArgumentException("A pre-shared key has an id.", nameof(id));
        Secret = secret;
        Id = id;
    }

    internal ReadOnlySpan<byte> Secret { get; }
    internal ReadOnlySpan<byte> Id { get; }

    /// <exception cref="ArgumentException">It is the default value, which is no key.</exception>
    internal void ThrowIfNone()
    {
        if (Secret.IsEmpty)
            throw new ArgumentException("A mode with a pre-shared key needs one.");
    }
}
