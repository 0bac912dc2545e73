using System.Globalization;
using System.Text.Json;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Tests;

/// <summary>One set-up of a file of HPKE test vectors.</summary>
internal sealed class HpkeVector(JsonElement json)
{
    /// <summary>Numbers of the files that pdm6 has no names for.</summary>
    private static readonly Dictionary<int, string> s_otherKems = new()
    {
        [0x0021] = "DHKEM(X448, HKDF-SHA512)", [0x0040] = "ML-KEM-512", [0x0041] = "ML-KEM-768", [0x0042] = "ML-KEM-1024",
        [0x0051] = "MLKEM1024-P384", [0x647a] = "MLKEM768-X25519",
    };
    private static readonly Dictionary<int, string> s_otherKdfs = new() { [0x0012] = "TurboSHAKE128", [0x0013] = "TurboSHAKE256" };

    public HpkeMode Mode => (HpkeMode)json.Number("mode");

    public HpkeSuite Suite => new(
        (HpkeKem)json.Number("kem_id"), (HpkeKdf)json.Number("kdf_id"), (HpkeAead)json.Number("aead_id"));

    public string Name =>
        $"{s_otherKems.GetValueOrDefault((int)Suite.Kem, Suite.Kem.ToString())}, "
        + $"{s_otherKdfs.GetValueOrDefault((int)Suite.Kdf, Suite.Kdf.ToString())}, {Suite.Aead}, {Mode}";

    public HpkePsk Psk => Has("psk") ? new HpkePsk(this["psk"], this["psk_id"]) : default;

    /// <summary>The octets of a member.</summary>
    public byte[] this[string name] => json.Octets(name);

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public static HpkeVector[] ReadAll(string file) =>
        [.. VectorFile.Read(file).EnumerateArray().Select(element => new HpkeVector(element))];

    public HpkePublicKey PublicKey(string name)
    {
        Assert.True(HpkePublicKey.TryImport(Suite.Kem, this[name], out HpkePublicKey? key, out string? error), error);
        return key;
    }

    public HpkePrivateKey PrivateKey(string name) => HpkePrivateKey.Import(Suite.Kem, this[name]);

    /// <summary>The sending end, with the ephemeral key of the vector.</summary>
    public HpkeSender SetUpSender()
    {
        using HpkePrivateKey ephemeral = HpkePrivateKey.DeriveKeyPair(Suite.Kem, this["ikmE"]);
        using HpkePrivateKey? sender = Has("skSm") ? PrivateKey("skSm") : null;
        return HpkeSender.UnsafeSetupWithExplicitEphemeral(
            Suite, Mode, PublicKey("pkRm"), this["info"], Psk, sender, ephemeral);
    }

    /// <summary>The receiving end, by the way of the mode.</summary>
    public HpkeRecipient SetUpRecipient()
    {
        using HpkePrivateKey key = PrivateKey("skRm");
        HpkeRecipient? context;
        bool isSetUp = Mode switch
        {
            HpkeMode.Base => HpkeRecipient.TrySetupBase(Suite, key, this["enc"], this["info"], out context),
            HpkeMode.Psk => HpkeRecipient.TrySetupPsk(Suite, key, this["enc"], this["info"], Psk, out context),
            HpkeMode.Auth => HpkeRecipient.TrySetupAuth(
                Suite, key, this["enc"], this["info"], PublicKey("pkSm"), out context),
            _ => HpkeRecipient.TrySetupAuthPsk(
                Suite, key, this["enc"], this["info"], Psk, PublicKey("pkSm"), out context),
        };
        Assert.True(isSetUp);
        return context!;
    }

    /// <summary>What both ends hold, from the vector's shared secret: needs no KEM.</summary>
    public MessageContext SetUpFromSharedSecret() => new(Suite, Mode, this["shared_secret"], this["info"], Psk);

    /// <summary>Every encryption in the order of its number, with fillers where the file leaves numbers out.</summary>
    /// <param name="check">Takes the next message: associated data, text, and ciphertext, or null for a filler.</param>
    public void ForEachMessage(Action<byte[], byte[], byte[]?> check)
    {
        int next = 0;
        foreach (JsonElement encryption in json.GetProperty("encryptions").EnumerateArray())
        {
            int number = encryption.TryGetProperty("sequence number", out JsonElement text)
                ? int.Parse(text.GetString()!, CultureInfo.InvariantCulture) : next;
            for (; next < number; next++)
                check([], [], null);
            check(encryption.Octets("aad"), encryption.Octets("pt"), encryption.Octets("ct"));
            next++;
        }
    }

    public delegate void ExportFunction(ReadOnlySpan<byte> exporterContext, Span<byte> secret);

    /// <returns>How many exports were compared.</returns>
    public int AssertExports(ExportFunction export)
    {
        int count = 0;
        foreach (JsonElement expected in json.GetProperty("exports").EnumerateArray())
        {
            byte[] secret = new byte[int.Parse(expected.GetProperty("L").ToString(), CultureInfo.InvariantCulture)];
            export(expected.Octets("exporter_context"), secret);
            Assert.Equal(expected.Octets("exported_value"), secret);
            count++;
        }
        return count;
    }
}
