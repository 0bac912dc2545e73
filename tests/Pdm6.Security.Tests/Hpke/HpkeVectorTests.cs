using Pdm6.Security.Schedule;

namespace Pdm6.Security.Tests;

/// <summary>What the two files of HPKE vectors share: each set-up from both ends, and what cannot run.</summary>
public abstract class HpkeVectorTests(string file)
{
    private protected HpkeVector[] Vectors { get; } = HpkeVector.ReadAll(file);

    private protected static void AssertSenderMakesTheVector(HpkeVector vector)
    {
        using HpkeSender sender = vector.SetUpSender();
        Assert.Equal(vector["enc"], sender.Encapsulation);
        AssertSecrets(vector, sender.Context);
        if (vector.Suite.Aead != HpkeAead.ExportOnly)
            vector.ForEachMessage((associatedData, text, ciphertext) =>
            {
                byte[] sealedText = sender.Seal(associatedData, text);
                if (ciphertext is not null)
                    Assert.Equal(ciphertext, sealedText);
            });
        Assert.NotEqual(0, vector.AssertExports(sender.Export));
    }

    private protected static void AssertRecipientOpensTheVector(HpkeVector vector)
    {
        using HpkeRecipient recipient = vector.SetUpRecipient();
        AssertSecrets(vector, recipient.Context);
        if (vector.Suite.Aead != HpkeAead.ExportOnly)
            AssertOpens(vector, recipient.Context);
        Assert.NotEqual(0, vector.AssertExports(recipient.Export));
    }

    private protected static void AssertScheduleGivesTheVector(HpkeVector vector)
    {
        using MessageContext context = vector.SetUpFromSharedSecret();
        AssertSecrets(vector, context);
        if (vector.Suite.Aead != HpkeAead.ExportOnly)
            AssertOpens(vector, context);
        Assert.NotEqual(0, vector.AssertExports(context.Export));
    }

    private protected static void AssertKeyPair(HpkeVector vector, string material, string privateKey, string publicKey)
    {
        using HpkePrivateKey key = HpkePrivateKey.DeriveKeyPair(vector.Suite.Kem, vector[material]);
        byte[] octets = new byte[key.Size];
        key.Export(octets);
        Assert.Equal(vector[privateKey], octets);
        Assert.Equal(vector[publicKey], key.PublicKey.Octets);
    }

    /// <summary>Names of the set-ups that cannot run, in the order of the file.</summary>
    private protected IEnumerable<string> Missing() => Vectors.Where(vector => !vector.Suite.IsSupported(out _)).Select(vector => vector.Name);

    private static void AssertSecrets(HpkeVector vector, MessageContext context)
    {
        Assert.Equal(vector["exporter_secret"], context.ExporterSecret);
        if (vector.Suite.Aead != HpkeAead.ExportOnly)
            Assert.Equal(vector["base_nonce"], context.BaseNonce);
    }

    private static void AssertOpens(HpkeVector vector, MessageContext context)
    {
        using MessageContext filler = vector.SetUpFromSharedSecret();
        vector.ForEachMessage((associatedData, text, ciphertext) =>
        {
            byte[] sealedText = new byte[text.Length + MessageCipher.TagSize];
            filler.Seal(associatedData, text, sealedText);
            byte[] opened = new byte[text.Length];
            Assert.True(context.TryOpen(associatedData, ciphertext ?? sealedText, opened, out int written));
            Assert.Equal(text.Length, written);
            Assert.Equal(text, opened);
        });
    }
}
