using System.Text.Json;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Tests;

/// <summary>One set-up of a file of HPKE test vectors.</summary>
internal sealed class HpkeVector(JsonElement json)
{
    public HpkeMode Mode => (HpkeMode)json.Number("mode");

    public HpkeSuite Suite => new(
        (HpkeKem)json.Number("kem_id"), (HpkeKdf)json.Number("kdf_id"), (HpkeAead)json.Number("aead_id"));

    public JsonElement.ArrayEnumerator Encryptions => json.GetProperty("encryptions").EnumerateArray();
    public JsonElement.ArrayEnumerator Exports => json.GetProperty("exports").EnumerateArray();

    public HpkePsk Psk => Has("psk") ? new HpkePsk(this["psk"], this["psk_id"]) : default;

    /// <summary>The octets of a member.</summary>
    public byte[] this[string name] => json.Octets(name);

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public override string ToString() => $"{Suite.Kem}, {Suite.Kdf}, {Suite.Aead}, {Mode}";

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
}
