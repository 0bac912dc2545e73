using System.Security.Cryptography;
using System.Text.Json;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

public sealed class KeyDerivationTests
{
    private static readonly JsonElement[] s_cases =
        [.. VectorFile.Read("pdm6_derivation.json").GetProperty("cases").EnumerateArray()];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Fact]
    public void Vectors_BothSuites_AreThere()
    {
        Assert.Equal(38, s_cases.Length);
        Assert.Equal([1, 2], s_cases.Select(c => c.Number("suite")).Distinct());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivation_VectorOfThePythonScript_AgreesStepByStep(int index)
    {
        JsonElement vector = s_cases[index];
        Suite suite = (Suite)vector.Number("suite");
        ushort epoch = (ushort)vector.Number("epoch");
        FlowKey flow = FlowOf(vector);
        Assert.True(IncarnationId.TryParse(vector.GetProperty("incarnationId").GetString(), out IncarnationId id));

        byte[] baseSecret = new byte[32], pairSecret = new byte[32], baseNonce = new byte[12], nonce = new byte[12];
        byte[] key = new byte[Suites.KeySize(suite)];
        KeyDerivation.BaseSecretFromKeyFile(vector.Octets("keyFile"), id, baseSecret);
        Assert.Equal(vector.Octets("baseSecret"), baseSecret);
        KeyDerivation.PairSecret(baseSecret, flow.Source, flow.Destination, pairSecret);
        Assert.Equal(vector.Octets("pairSecret"), pairSecret);
        KeyDerivation.SessionKey(pairSecret, suite, epoch, key, baseNonce);
        Assert.Equal(vector.Octets("key"), key);
        Assert.Equal(vector.Octets("baseNonce"), baseNonce);
        Nonce.Build(
            baseNonce, flow, (Carriage)vector.Number("carriage"), epoch, vector.GetProperty("psntp").GetUInt32(), nonce);
        Assert.Equal(vector.Octets("nonce"), nonce);
    }

    [Fact]
    public void SessionKey_RandomInput_EqualsHmacWrittenOut()
    {
        Random random = new(5869);
        byte[] pairSecret = new byte[32], key = new byte[32], baseNonce = new byte[12];
        for (int i = 0; i < 50; i++)
        {
            random.NextBytes(pairSecret);
            ushort epoch = (ushort)random.Next(4096);
            KeyDerivation.SessionKey(pairSecret, Suite.Aes256Gcm, epoch, key, baseNonce);

            byte[] info = [.. "pdm6 v1 session"u8, 0, 2, (byte)(epoch >> 8), (byte)epoch];
            byte[] first = Hmac(pairSecret, [.. info, 1]);
            byte[] second = Hmac(pairSecret, [.. first, .. info, 2]);
            Assert.Equal(first, key);
            Assert.Equal(second[..12], baseNonce);
        }
    }

    [Fact]
    public void PairSecret_Directions_Differ()
    {
        byte[] baseSecret = new byte[32], there = new byte[32], back = new byte[32];
        Ipv6Address a = Ipv6Address.Parse("2001:db8::a"), b = Ipv6Address.Parse("2001:db8::b");
        KeyDerivation.PairSecret(baseSecret, a, b, there);
        KeyDerivation.PairSecret(baseSecret, b, a, back);
        Assert.NotEqual(there, back);
    }

    [Fact]
    public void SessionKey_SuiteOrEpochDiffers_SharesNoKey()
    {
        byte[] pairSecret = new byte[32], baseNonce = new byte[12];
        byte[] long0 = new byte[32], long1 = new byte[32], short0 = new byte[16];
        KeyDerivation.SessionKey(pairSecret, Suite.Aes256Gcm, 0, long0, baseNonce);
        KeyDerivation.SessionKey(pairSecret, Suite.Aes256Gcm, 1, long1, baseNonce);
        KeyDerivation.SessionKey(pairSecret, Suite.Aes128Gcm, 0, short0, baseNonce);
        Assert.NotEqual(long0, long1);
        Assert.NotEqual(long0[..16], short0);
    }

    [Theory]
    [InlineData(Suite.Aes128Gcm)]
    [InlineData(Suite.Aes256Gcm)]
    public void FrameKey_EitherSuite_EqualsHmacWrittenOut(Suite suite)
    {
        byte[] pairSecret = RandomNumberGenerator.GetBytes(32), key = new byte[32];
        KeyDerivation.FrameKey(pairSecret, suite, 0x0abc, key);
        Assert.Equal(Hmac(pairSecret, [.. "pdm6 v1 frame"u8, 0, (byte)suite, 0x0a, 0xbc, 1]), key);
    }

    [Fact]
    public void Derivation_SpanOfAnotherLength_IsTheCallersMistake()
    {
        byte[] good = new byte[32], bad = new byte[31], nonce = new byte[12];
        Assert.Throws<ArgumentException>(() => KeyDerivation.BaseSecretFromKeyFile(bad, default, good));
        Assert.Throws<ArgumentException>(() => KeyDerivation.BaseSecretFromKeyFile(good, default, bad));
        Assert.Throws<ArgumentException>(() => KeyDerivation.PairSecret(bad, default, default, good));
        Assert.Throws<ArgumentException>(() => KeyDerivation.PairSecret(good, default, default, bad));
        Assert.Throws<ArgumentException>(() => KeyDerivation.SessionKey(bad, Suite.Aes256Gcm, 0, good, nonce));
        Assert.Throws<ArgumentException>(() => KeyDerivation.SessionKey(good, Suite.Aes128Gcm, 0, good, nonce));
        Assert.Throws<ArgumentException>(() => KeyDerivation.SessionKey(good, Suite.Aes256Gcm, 0, good, bad));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => KeyDerivation.SessionKey(good, Suite.Aes256Gcm, 4096, good, nonce));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyDerivation.SessionKey(good, (Suite)3, 0, good, nonce));
        Assert.Throws<ArgumentException>(() => KeyDerivation.FrameKey(bad, Suite.Aes256Gcm, 0, good));
        Assert.Throws<ArgumentException>(() => KeyDerivation.FrameKey(good, Suite.Aes128Gcm, 0, new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyDerivation.FrameKey(good, Suite.Aes256Gcm, 4096, good));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyDerivation.FrameKey(good, (Suite)3, 0, good));
    }

    /// <summary>RFC 2104, for keys no longer than a block.</summary>
    private static byte[] Hmac(byte[] key, byte[] message)
    {
        byte[] inner = new byte[64], outer = new byte[64];
        for (int i = 0; i < 64; i++)
        {
            byte octet = i < key.Length ? key[i] : (byte)0;
            inner[i] = (byte)(octet ^ 0x36);
            outer[i] = (byte)(octet ^ 0x5c);
        }
        byte[] hash = SHA256.HashData((byte[])[.. inner, .. message]);
        return SHA256.HashData((byte[])[.. outer, .. hash]);
    }

    private static FlowKey FlowOf(JsonElement vector) => new(
        Ipv6Address.Parse(vector.GetProperty("source").GetString()),
        Ipv6Address.Parse(vector.GetProperty("destination").GetString()), (byte)vector.Number("protocol"),
        (ushort)vector.Number("sourcePort"), (ushort)vector.Number("destinationPort"));
}
