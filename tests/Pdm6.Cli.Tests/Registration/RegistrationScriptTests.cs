using System.Text;
using System.Text.RegularExpressions;
using Pdm6.Security;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

namespace Pdm6.Cli.Tests.Registration;

/// <summary>Registration as an operator does it: everything by the command line, every command a process.</summary>
public sealed partial class RegistrationScriptTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pdm6-script-");

    public void Dispose() => _root.Delete(recursive: true);

    private string In(string name) => Path.Combine(_root.FullName, name);

    private static async Task<(string Output, string Errors)> SucceedAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await Pdm6Process.RunAsync(arguments);
        Assert.True(code == 0, $"{code}: {errors}");
        return (output, errors);
    }

    private static async Task<string> FailAsync(int expected, params string[] arguments)
    {
        (int code, string output, string errors) = await Pdm6Process.RunAsync(arguments);
        Assert.Equal((expected, ""), (code, output));
        string last = errors.Split('\n')[^1];
        Assert.StartsWith("pdm6: ", last);
        return last;
    }

    [GeneratedRegex(@"https://\[::1\]:\d+")]
    private static partial Regex Url();

    [Fact]
    public async Task Registration_FromTokenToRevocation()
    {
        await using Pdm6Process registrar = Pdm6Process.Start("registrar", "run", "--data", In("registrar"), "--listen", "[::1]:0");
        string url = Url().Match(await registrar.WaitForLineAsync("participants ask at")).Value;
        await SucceedAsync(
            "registrar", "token", "create", "--data", In("registrar"), "--role", "endpoint", "--prefix", "2001:db8::/32",
            "--output", In("token"));
        string secret = (await File.ReadAllTextAsync(In("token"))).Trim().Split('.')[^1];

        (string fingerprint, string progress) = await SucceedAsync(
            "enroll", url, "--token-file", In("token"), "--identity", In("identity"), "--name", "host-a");
        Assert.Matches("^[0-9a-f]{64}\n$", fingerprint);
        Assert.Contains("enrolled as endpoint 'host-a' for 2001:db8::/32", progress);
        Assert.DoesNotContain(secret, progress);

        (string shown, _) = await SucceedAsync("keys", "show", "--identity", In("identity"));
        foreach (string part in (string[])["host-a", "endpoint", "2001:db8::/32", fingerprint.Trim(), url, "P-256, current, published"])
            Assert.Contains(part, shown);
        Assert.Equal(fingerprint, (await SucceedAsync("keys", "show", "--fingerprint", "--identity", In("identity"))).Output);

        Assert.Contains("--output", await FailAsync(2, "keys", "export", "--private", "--identity", In("identity")));
        (string certificates, _) = await SucceedAsync("keys", "export", "--identity", In("identity"));
        Assert.Equal(2, certificates.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.DoesNotContain("PRIVATE", certificates);
        (string authority, _) = await SucceedAsync("keys", "export", "--authority", "--identity", In("identity"));
        Assert.EndsWith(authority, certificates);
        Assert.True(AuthorityCertificate.TryReadFile(Encoding.ASCII.GetBytes(authority), out AuthorityCertificate? read, out _));
        Assert.Contains(read.Fingerprint.ToString(), shown);

        (string newKey, string rotated) = await SucceedAsync("keys", "rotate", "--identity", In("identity"));
        Assert.DoesNotContain("not yet published", rotated);
        (shown, _) = await SucceedAsync("keys", "show", "--identity", In("identity"));
        Assert.Contains($"{newKey.Trim()}, P-256, current, published", shown);
        Assert.Contains("retired", shown);

        await SucceedAsync("keys", "export", "--private", "--output", In("exported"), "--identity", In("identity"));
        IReadOnlyList<HpkePrivateKey> exported = HpkeKeyFile.Load(In("exported"));
        Assert.Equal(2, exported.Count);
        Assert.Equal(newKey.Trim(), exported[0].PublicKey.KeyId.ToString());
        foreach (HpkePrivateKey key in exported)
            key.Dispose();

        await FailAsync(1, "enroll", url, "--token-file", In("token"), "--identity", In("second"), "--name", "host-b");
        (string participants, _) = await SucceedAsync("registrar", "participants", "--data", In("registrar"));
        Assert.Contains("host-a", participants);
        Assert.DoesNotContain("host-b", participants);

        await SucceedAsync("registrar", "revoke", "host-a", "--data", In("registrar"));
        (_, string refused) = await SucceedAsync("keys", "rotate", "--identity", In("identity"));
        Assert.Contains("not yet published", refused);
        Assert.Contains("revoked", refused);
        Assert.Contains("revoked", (await SucceedAsync("registrar", "audit", "--data", In("registrar"))).Output);
    }

    [Fact]
    public async Task Enroll_TokenFileOpenToOthers_SaysChmod()
    {
        await File.WriteAllTextAsync(In("token"), "x");
        File.SetUnixFileMode(In("token"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", await FailAsync(
            2, "enroll", "https://[::1]:1", "--token-file", In("token"), "--identity", In("identity")));
        Assert.False(Directory.Exists(In("identity")));
    }
}
