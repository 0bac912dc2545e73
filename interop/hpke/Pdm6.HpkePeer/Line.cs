using System.Text.Json;

namespace Pdm6.HpkePeer;

/// <summary>What is asked. Octets are hexadecimal.</summary>
internal sealed class Line
{
    /// <summary>"generate", "seal" or "open".</summary>
    public required string Do { get; init; }
    /// <summary>KEM, KDF, AEAD.</summary>
    public required ushort[] Suite { get; init; }
    public string Info { get; init; } = "";
    public string? Psk { get; init; }
    public string? PskId { get; init; }
    /// <summary>The recipient's public key, to seal to.</summary>
    public string Recipient { get; init; } = "";
    /// <summary>The recipient's private key, to open with.</summary>
    public string PrivateKey { get; init; } = "";
    /// <summary>The sender's private key to seal, its public key to open; null without proof of the sender.</summary>
    public string? Sender { get; init; }
    public string Enc { get; init; } = "";
    /// <summary>Pairs of associated data, and text or ciphertext.</summary>
    public string[][] Messages { get; init; } = [];
    /// <summary>Pairs of exporter context and number of octets.</summary>
    public JsonElement[][] Exports { get; init; } = [];
}
