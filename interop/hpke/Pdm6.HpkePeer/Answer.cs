namespace Pdm6.HpkePeer;

/// <summary>What comes back. Octets are hexadecimal.</summary>
internal sealed class Answer
{
    public string? Error { get; init; }
    public string? PrivateKey { get; init; }
    public string? PublicKey { get; init; }
    public string? Enc { get; init; }
    /// <summary>Ciphertexts or texts; null where a message does not open.</summary>
    public string?[]? Messages { get; init; }
    public string[]? Exports { get; init; }
}
