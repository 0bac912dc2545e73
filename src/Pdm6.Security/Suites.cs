namespace Pdm6.Security;

/// <summary>What follows from a <see cref="Suite"/>.</summary>
public static class Suites
{
    /// <summary>The longest session key of any suite, octets.</summary>
    public const int LongestKeySize = 32;

    /// <summary>Octets of a session key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such suite: a caller's mistake, because announcements are
    /// validated before their suite is used.</exception>
    public static int KeySize(Suite suite) => suite switch
    {
        Suite.Aes128Gcm => 16,
        Suite.Aes256Gcm => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(suite), suite, "No such suite."),
    };
}
