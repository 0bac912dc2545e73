using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>A message that the platform's AES-GCM sealed: what everything here is compared with.</summary>
internal sealed record Message(
    byte[] Key, byte[] Nonce, byte[] AssociatedData, byte[] Plaintext, byte[] Ciphertext, byte[] Tag)
{
    public static Message NewRandom(Random random, int keySize, int associatedDataSize, int textSize)
    {
        Message message = new(
            new byte[keySize], new byte[ShortAesGcm.NonceSize], new byte[associatedDataSize],
            new byte[textSize], new byte[textSize], new byte[ShortAesGcm.TagSize]);
        random.NextBytes(message.Key);
        random.NextBytes(message.Nonce);
        random.NextBytes(message.AssociatedData);
        random.NextBytes(message.Plaintext);
        using AesGcm oracle = new(message.Key, ShortAesGcm.TagSize);
        oracle.Encrypt(message.Nonce, message.Plaintext, message.Ciphertext, message.Tag, message.AssociatedData);
        return message;
    }

    /// <summary>One with the shape of a PDMv2 option.</summary>
    public static Message NewOption(Random random, int keySize) =>
        NewRandom(random, keySize, Pdmv2OptionView.AssociatedDataSize, PdmMetrics.Size);
}
