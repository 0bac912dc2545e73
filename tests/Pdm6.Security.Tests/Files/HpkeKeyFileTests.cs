using Pdm6.Security.Files;

namespace Pdm6.Security.Tests.Files;

public sealed class HpkeKeyFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-hpke-file-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Target => Path.Combine(_directory.FullName, "keys");

    private static HpkePrivateKey NewKey(HpkeKem kem = HpkeKem.DhkemP256HkdfSha256) => HpkePrivateKey.Generate(kem);

    private void WriteText(string text)
    {
        File.WriteAllText(Target, text);
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Load_WhatWasWritten_GivesTheSameKeysInOrder()
    {
        using HpkePrivateKey first = NewKey(), second = NewKey(HpkeKem.DhkemP521HkdfSha512);
        HpkeKeyFile.Write(Target, [first, second], overwrite: false);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        IReadOnlyList<HpkePrivateKey> loaded = HpkeKeyFile.Load(Target);
        Assert.Equal([first.PublicKey.KeyId, second.PublicKey.KeyId], loaded.Select(key => key.PublicKey.KeyId));
        Assert.Equal([first.Kem, second.Kem], loaded.Select(key => key.Kem));
        foreach (HpkePrivateKey key in loaded)
            key.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAA=\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PDM6 HPKE PRIVATE KEY-----\n-----END PDM6 HPKE PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PDM6 HPKE PRIVATE KEY-----\nABA=\n-----END PDM6 HPKE PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PDM6 HPKE PRIVATE KEY-----\nABAB\n-----END PDM6 HPKE PRIVATE KEY-----\n")]
    public void Load_SomethingElse_SaysWhatTheFileHolds(string text)
    {
        WriteText(text);
        KeyFileException refused = Assert.Throws<KeyFileException>(() => HpkeKeyFile.Load(Target));
        Assert.Contains("-----BEGIN PDM6 HPKE PRIVATE KEY-----", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Load_AKeyThatWasCutOff_IsRefused(int linesLost)
    {
        using HpkePrivateKey key = NewKey();
        HpkeKeyFile.Write(Target, [key, key], overwrite: false);
        string[] lines = File.ReadAllLines(Target);
        WriteText(string.Join('\n', lines[..^linesLost]));
        Assert.Throws<KeyFileException>(() => HpkeKeyFile.Load(Target));
    }

    [Fact]
    public void Load_OpenToOthers_SaysChmod()
    {
        using HpkePrivateKey key = NewKey();
        HpkeKeyFile.Write(Target, [key], overwrite: false);
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => HpkeKeyFile.Load(Target)).Message, StringComparison.Ordinal);
    }
}
