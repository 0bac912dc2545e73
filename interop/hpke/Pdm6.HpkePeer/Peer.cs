using System.Security.Cryptography;
using Pdm6.Security;

namespace Pdm6.HpkePeer;

internal static class Peer
{
    private delegate void ExportFunction(ReadOnlySpan<byte> exporterContext, Span<byte> secret);

    public static Answer Answer(Line line) => line.Do switch
    {
        "generate" => Generate(SuiteOf(line).Kem),
        "seal" => Seal(line),
        "open" => Open(line),
        _ => throw new ArgumentException($"There is no '{line.Do}': generate, seal or open."),
    };

    private static Answer Generate(HpkeKem kem)
    {
        using HpkePrivateKey key = HpkePrivateKey.Generate(kem);
        byte[] octets = new byte[key.Size];
        key.Export(octets);
        return new Answer
        {
            PrivateKey = Convert.ToHexStringLower(octets),
            PublicKey = Convert.ToHexStringLower(key.PublicKey.Octets),
        };
    }

    private static Answer Seal(Line line)
    {
        HpkeSuite suite = SuiteOf(line);
        HpkePublicKey recipient = PublicKey(suite, line.Recipient);
        byte[] info = Octets(line.Info);
        using HpkePrivateKey? key = line.Sender is null ? null : HpkePrivateKey.Import(suite.Kem, Octets(line.Sender));
        using HpkeSender sender = (line.Psk, key) switch
        {
            (null, null) => HpkeSender.SetupBase(suite, recipient, info),
            (not null, null) => HpkeSender.SetupPsk(suite, recipient, info, Psk(line)),
            (null, not null) => HpkeSender.SetupAuth(suite, recipient, info, key),
            _ => HpkeSender.SetupAuthPsk(suite, recipient, info, Psk(line), key),
        };
        return new Answer
        {
            Enc = Convert.ToHexStringLower(sender.Encapsulation),
            Messages = [.. line.Messages.Select(pair => Convert.ToHexStringLower(sender.Seal(Octets(pair[0]), Octets(pair[1]))))],
            Exports = Exports(line, sender.Export),
        };
    }

    private static Answer Open(Line line)
    {
        HpkeSuite suite = SuiteOf(line);
        byte[] info = Octets(line.Info), enc = Octets(line.Enc);
        using HpkePrivateKey key = HpkePrivateKey.Import(suite.Kem, Octets(line.PrivateKey));
        HpkePublicKey? sender = line.Sender is null ? null : PublicKey(suite, line.Sender);
        HpkeRecipient? context;
        bool isSetUp = (line.Psk, sender) switch
        {
            (null, null) => HpkeRecipient.TrySetupBase(suite, key, enc, info, out context),
            (not null, null) => HpkeRecipient.TrySetupPsk(suite, key, enc, info, Psk(line), out context),
            (null, not null) => HpkeRecipient.TrySetupAuth(suite, key, enc, info, sender, out context),
            _ => HpkeRecipient.TrySetupAuthPsk(suite, key, enc, info, Psk(line), sender, out context),
        };
        if (!isSetUp)
            throw new CryptographicException("The encapsulation is none.");
        using (context)
            return new Answer
            {
                Messages = [.. line.Messages.Select(pair => TextOf(context!, Octets(pair[0]), Octets(pair[1])))],
                Exports = Exports(line, context!.Export),
            };
    }

    private static string? TextOf(HpkeRecipient context, byte[] associatedData, byte[] ciphertext)
    {
        byte[] text = new byte[ciphertext.Length];
        return context.TryOpen(associatedData, ciphertext, text, out int written)
            ? Convert.ToHexStringLower(text.AsSpan(0, written)) : null;
    }

    private static string[] Exports(Line line, ExportFunction export) =>
    [
        .. line.Exports.Select(pair =>
        {
            byte[] secret = new byte[pair[1].GetInt32()];
            export(Octets(pair[0].GetString()!), secret);
            return Convert.ToHexStringLower(secret);
        }),
    ];

    private static HpkeSuite SuiteOf(Line line) =>
        new((HpkeKem)line.Suite[0], (HpkeKdf)line.Suite[1], (HpkeAead)line.Suite[2]);

    private static HpkePsk Psk(Line line) => new(Octets(line.Psk!), Octets(line.PskId!));

    private static HpkePublicKey PublicKey(HpkeSuite suite, string hex) =>
        HpkePublicKey.TryImport(suite.Kem, Octets(hex), out HpkePublicKey? key, out string? error)
            ? key : throw new CryptographicException(error);

    private static byte[] Octets(string hex) => Convert.FromHexString(hex);
}
