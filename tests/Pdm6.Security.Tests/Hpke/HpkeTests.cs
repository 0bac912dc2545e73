using Pdm6.Security.Schedule;

namespace Pdm6.Security.Tests;

public sealed class HpkeTests : IDisposable
{
    private static readonly byte[] s_info = [1, 2, 3], s_associatedData = [4, 5], s_text = [.. "base secret"u8];
    private static readonly byte[] s_pskSecret = new byte[32];

    private readonly HpkePrivateKey _recipient = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
    private readonly HpkePrivateKey _sender = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);

    public static TheoryData<HpkeKem, HpkeKdf, HpkeAead> Suites
    {
        get
        {
            TheoryData<HpkeKem, HpkeKdf, HpkeAead> suites = [];
            foreach (HpkeSuite suite in
                from kem in Enum.GetValues<HpkeKem>()
                from kdf in Enum.GetValues<HpkeKdf>()
                from aead in Enum.GetValues<HpkeAead>()
                select new HpkeSuite(kem, kdf, aead))
            {
                if (suite.Aead != HpkeAead.ExportOnly && suite.IsSupported(out _))
                    suites.Add(suite.Kem, suite.Kdf, suite.Aead);
            }
            return suites;
        }
    }

    public void Dispose()
    {
        _recipient.Dispose();
        _sender.Dispose();
    }

    [Fact]
    public void Mandatory_OnEveryMachine_IsSupported()
    {
        Assert.True(HpkeSuite.Mandatory.IsSupported(out string? why));
        Assert.Null(why);
        Assert.Equal((0x0010, 0x0001, 0x0002), (
            (int)HpkeSuite.Mandatory.Kem, (int)HpkeSuite.Mandatory.Kdf, (int)HpkeSuite.Mandatory.Aead));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void SealBase_EverySuite_OpensAgain(HpkeKem kem, HpkeKdf kdf, HpkeAead aead)
    {
        HpkeSuite suite = new(kem, kdf, aead);
        using HpkePrivateKey key = HpkePrivateKey.Generate(kem);
        byte[] ciphertext = Hpke.SealBase(suite, key.PublicKey, s_info, s_associatedData, s_text, out byte[] encapsulation);
        byte[] opened = new byte[s_text.Length];
        Assert.True(Hpke.TryOpenBase(suite, key, encapsulation, s_info, s_associatedData, ciphertext, opened, out int written));
        Assert.Equal(s_text.Length, written);
        Assert.Equal(s_text, opened);
    }

    [Fact]
    public void SealBase_Twice_SharesNothing()
    {
        byte[] one = Seal(out byte[] oneEncapsulation), other = Seal(out byte[] otherEncapsulation);
        Assert.NotEqual(one, other);
        Assert.NotEqual(oneEncapsulation, otherEncapsulation);
    }

    [Fact]
    public void TryOpenBase_AnyOctetChanged_IsFalseAndGivesNothing()
    {
        byte[] ciphertext = Seal(out byte[] encapsulation);
        Assert.True(Open(encapsulation, s_info, s_associatedData, ciphertext));
        Assert.All(Changed(encapsulation), changed => Assert.False(Open(changed, s_info, s_associatedData, ciphertext)));
        Assert.All(Changed(s_info), changed => Assert.False(Open(encapsulation, changed, s_associatedData, ciphertext)));
        Assert.All(Changed(s_associatedData), changed => Assert.False(Open(encapsulation, s_info, changed, ciphertext)));
        Assert.All(Changed(ciphertext), changed => Assert.False(Open(encapsulation, s_info, s_associatedData, changed)));
    }

    [Fact]
    public void TryOpenBase_CutShort_IsFalse()
    {
        byte[] ciphertext = Seal(out byte[] encapsulation);
        for (int size = 0; size < ciphertext.Length; size++)
            Assert.False(Open(encapsulation, s_info, s_associatedData, ciphertext[..size]));
        for (int size = 0; size < encapsulation.Length; size++)
            Assert.False(Open(encapsulation[..size], s_info, s_associatedData, ciphertext));
    }

    [Fact]
    public void TryOpenBase_TextLargerThanItsRoom_IsFalse()
    {
        byte[] ciphertext = Seal(out byte[] encapsulation);
        byte[] room = new byte[s_text.Length - 1];
        Assert.False(Hpke.TryOpenBase(
            HpkeSuite.Mandatory, _recipient, encapsulation, s_info, s_associatedData, ciphertext, room, out int written));
        Assert.Equal(0, written);
        Assert.All(room, octet => Assert.Equal(0, octet));
    }

    [Fact]
    public void TryOpenBase_AnotherKey_IsFalse()
    {
        byte[] ciphertext = Seal(out byte[] encapsulation);
        Assert.False(Hpke.TryOpenBase(
            HpkeSuite.Mandatory, _sender, encapsulation, s_info, s_associatedData, ciphertext, new byte[64], out _));
    }

    /// <summary>The numbers of a suite come from outside: any of the 2^16 of each.</summary>
    [Fact]
    public void TryOpenBase_AnyOtherSuite_IsFalse()
    {
        byte[] ciphertext = Seal(out byte[] encapsulation);
        HpkeSuite right = HpkeSuite.Mandatory;
        for (int number = 0; number <= ushort.MaxValue; number++)
        {
            HpkeSuite[] suites =
            [
                right with { Kem = (HpkeKem)number }, right with { Kdf = (HpkeKdf)number }, right with { Aead = (HpkeAead)number },
            ];
            foreach (HpkeSuite suite in suites)
                if (suite != right)
                    Assert.False(Hpke.TryOpenBase(
                        suite, _recipient, encapsulation, s_info, s_associatedData, ciphertext, new byte[64], out _));
        }
    }

    [Fact]
    public void SealBase_CallersMistakes_Throw()
    {
        HpkeSuite p384 = HpkeSuite.Mandatory with { Kem = HpkeKem.DhkemP384HkdfSha384 };
        Assert.Throws<ArgumentException>(() => Hpke.SealBase(p384, _recipient.PublicKey, [], [], [], out _));
        HpkeSuite exportOnly = HpkeSuite.Mandatory with { Aead = HpkeAead.ExportOnly };
        Assert.Throws<InvalidOperationException>(() => Hpke.SealBase(exportOnly, _recipient.PublicKey, [], [], [], out _));
        HpkeSuite unknown = HpkeSuite.Mandatory with { Kdf = (HpkeKdf)0x99 };
        Assert.Contains("0x0099", Assert.Throws<PlatformNotSupportedException>(
            () => Hpke.SealBase(unknown, _recipient.PublicKey, [], [], [], out _)).Message);
        HpkeSuite shake = HpkeSuite.Mandatory with { Kdf = HpkeKdf.Shake256 };
        Assert.Throws<ArgumentException>(() => Hpke.SealBase(shake, _recipient.PublicKey, new byte[65536], [], [], out _));
    }

    [Fact]
    public void Contexts_EveryPairOfModes_OpenOnlyInTheSame()
    {
        HpkePsk psk = new(s_pskSecret, [7]);
        HpkeSuite suite = HpkeSuite.Mandatory;
        foreach (HpkeMode sending in Enum.GetValues<HpkeMode>())
        {
            using HpkeSender sender = sending switch
            {
                HpkeMode.Base => HpkeSender.SetupBase(suite, _recipient.PublicKey, s_info),
                HpkeMode.Psk => HpkeSender.SetupPsk(suite, _recipient.PublicKey, s_info, psk),
                HpkeMode.Auth => HpkeSender.SetupAuth(suite, _recipient.PublicKey, s_info, _sender),
                _ => HpkeSender.SetupAuthPsk(suite, _recipient.PublicKey, s_info, psk, _sender),
            };
            byte[] ciphertext = sender.Seal([], s_text);
            foreach (HpkeMode receiving in Enum.GetValues<HpkeMode>())
            {
                using HpkeRecipient recipient = SetUpRecipient(receiving, sender.Encapsulation, s_pskSecret, _sender.PublicKey);
                Assert.Equal(sending == receiving, recipient.TryOpen([], ciphertext, new byte[64], out _));
            }
        }
    }

    [Fact]
    public void AuthPsk_AnotherSecretOrSender_OpensNothing()
    {
        using HpkeSender sender = HpkeSender.SetupAuthPsk(
            HpkeSuite.Mandatory, _recipient.PublicKey, s_info, new HpkePsk(s_pskSecret, [7]), _sender);
        byte[] ciphertext = sender.Seal([], s_text);
        byte[] otherSecret = [.. s_pskSecret];
        otherSecret[0] ^= 1;
        using HpkeRecipient otherPsk = SetUpRecipient(HpkeMode.AuthPsk, sender.Encapsulation, otherSecret, _sender.PublicKey);
        using HpkeRecipient otherSender = SetUpRecipient(HpkeMode.AuthPsk, sender.Encapsulation, s_pskSecret, _recipient.PublicKey);
        Assert.False(otherPsk.TryOpen([], ciphertext, new byte[64], out _));
        Assert.False(otherSender.TryOpen([], ciphertext, new byte[64], out _));
    }

    [Fact]
    public void Psk_TooShortOrWithoutId_Throws()
    {
        Assert.Throws<ArgumentException>(() => _ = new HpkePsk(new byte[31], [1]));
        Assert.Throws<ArgumentException>(() => _ = new HpkePsk(new byte[32], []));
        Assert.Throws<ArgumentException>(() => HpkeSender.SetupPsk(HpkeSuite.Mandatory, _recipient.PublicKey, [], default));
        Assert.Throws<ArgumentException>(() => HpkeRecipient.TrySetupPsk(HpkeSuite.Mandatory, _recipient, [], [], default, out _));
    }

    private byte[] Seal(out byte[] encapsulation) => Hpke.SealBase(
        HpkeSuite.Mandatory, _recipient.PublicKey, s_info, s_associatedData, s_text, out encapsulation);

    private bool Open(byte[] encapsulation, byte[] info, byte[] associatedData, byte[] ciphertext)
    {
        byte[] opened = new byte[64];
        bool isOpen = Hpke.TryOpenBase(
            HpkeSuite.Mandatory, _recipient, encapsulation, info, associatedData, ciphertext, opened, out int written);
        Assert.Equal(isOpen ? s_text : [], opened[..written]);
        Assert.Equal(isOpen, opened.AsSpan().ContainsAnyExcept((byte)0));
        return isOpen;
    }

    private HpkeRecipient SetUpRecipient(HpkeMode mode, ReadOnlySpan<byte> encapsulation, byte[] secret, HpkePublicKey sender)
    {
        HpkePsk psk = new(secret, [7]);
        HpkeSuite suite = HpkeSuite.Mandatory;
        HpkeRecipient? context;
        Assert.True(mode switch
        {
            HpkeMode.Base => HpkeRecipient.TrySetupBase(suite, _recipient, encapsulation, s_info, out context),
            HpkeMode.Psk => HpkeRecipient.TrySetupPsk(suite, _recipient, encapsulation, s_info, psk, out context),
            HpkeMode.Auth => HpkeRecipient.TrySetupAuth(suite, _recipient, encapsulation, s_info, sender, out context),
            _ => HpkeRecipient.TrySetupAuthPsk(suite, _recipient, encapsulation, s_info, psk, sender, out context),
        });
        return context!;
    }

    /// <summary>Each octet changed, one at a time.</summary>
    private static IEnumerable<byte[]> Changed(byte[] octets)
    {
        for (int i = 0; i < octets.Length; i++)
        {
            byte[] changed = [.. octets];
            changed[i] ^= 0x20;
            yield return changed;
        }
    }
}
