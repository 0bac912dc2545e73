using System.Security.Cryptography;
using Pdm6.Security;

namespace Pdm6.Bench;

/// <summary>A base secret of 32 octets to a public key, and out again: pdm6 and @hpke/core.</summary>
internal static class HpkeBench
{
    private const int Rounds = 15, Messages = 200;

    /// <summary>Of the lengths that announcements have.</summary>
    private static readonly byte[] s_info = RandomNumberGenerator.GetBytes(94), s_associatedData = RandomNumberGenerator.GetBytes(32),
        s_text = RandomNumberGenerator.GetBytes(32);

    private static readonly (string Name, HpkeSuite Suite)[] s_suites =
    [
        ("P-256, AES-256-GCM", HpkeSuite.Mandatory),
        ("X25519, ChaCha20-Poly1305", new HpkeSuite(HpkeKem.DhkemX25519HkdfSha256, HpkeKdf.HkdfSha256, HpkeAead.ChaCha20Poly1305)),
    ];

    public static void Run()
    {
        using HpkeRival rival = new(s_info, s_associatedData, s_text);
        Table table = new("one core, 32 octets", "us", "messages/s", "rate to @hpke/core");
        foreach ((string name, HpkeSuite suite) in s_suites)
        {
            BenchException.Require(suite.IsSupported(out string? why), $"{name} cannot be measured: {why}");
            using HpkePrivateKey key = HpkePrivateKey.Generate(suite.Kem);
            foreach ((string verb, bool opens) in new[] { ("sealed", false), ("opened", true) })
            {
                Paired paired = Paired.Run(
                [
                    new Contender($"{name}: {verb} by pdm6", () => opens ? OpenNs(suite, key) : SealNs(suite, key)),
                    new Contender($"{name}: {verb} by @hpke/core", () => rival.MeasureNs(suite, opens, Messages)),
                ], Rounds, TimeSpan.FromSeconds(2));
                for (int i = 0; i < paired.Contenders.Count; i++)
                    table.Add(paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median / 1e3),
                        Table.Number(1e9 / paired.Ns(i).Median), Table.Ratio(paired.Ratio(1, i)));
            }
        }
        table.Print($"hpke: {Rounds} rounds; processor time; ratio of rates, in brackets the middle half of the rounds");
    }

    private static double SealNs(HpkeSuite suite, HpkePrivateKey key) => (double)ThreadClock.Measure(() =>
    {
        for (int i = 0; i < Messages; i++)
            Hpke.SealBase(suite, key.PublicKey, s_info, s_associatedData, s_text, out _);
    }) / Messages;

    private static double OpenNs(HpkeSuite suite, HpkePrivateKey key)
    {
        byte[] ciphertext = Hpke.SealBase(suite, key.PublicKey, s_info, s_associatedData, s_text, out byte[] encapsulation);
        byte[] opened = new byte[s_text.Length];
        long ns = ThreadClock.Measure(() =>
        {
            for (int i = 0; i < Messages; i++)
                BenchException.Require(
                    Hpke.TryOpenBase(suite, key, encapsulation, s_info, s_associatedData, ciphertext, opened, out _),
                    "A message did not open.");
        });
        BenchException.Require(opened.AsSpan().SequenceEqual(s_text), "Another text came out.");
        return (double)ns / Messages;
    }
}
