using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Cli.Tests.Registration;

public sealed class EnrollVerbTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pdm6-enroll-verb-");

    public void Dispose() => _root.Delete(recursive: true);

    private string In(string name) => Path.Combine(_root.FullName, name);

    private string TokenFile(string text)
    {
        File.WriteAllText(In("token"), text);
        File.SetUnixFileMode(In("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return In("token");
    }

    private static string GoodToken => EnrollmentToken.Create(Fingerprint.Of("authority"u8)).ToText();

    private async Task AssertWrongUseAsync(string because, string token, string url, params string[] more)
    {
        (int code, string output, string errors) = await Tool.RunAsync(
            ["enroll", url, "--token-file", TokenFile(token), "--identity", In("identity"), .. more]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(because, Assert.Single(errors.TrimEnd().Split('\n')));
        Assert.DoesNotContain(token is "" ? "\0" : token, errors);
        Assert.False(Directory.Exists(In("identity")));
    }

    [Theory]
    [InlineData("http://host")]
    [InlineData("host:8652")]
    [InlineData("https://host/path")]
    [InlineData("https://user:secret@host")]
    public Task Enroll_UrlThatIsNone_SaysWhatItIsLike(string url) => AssertWrongUseAsync("https://registrar.example:8652", GoodToken, url);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a password", "--authority")]
    [InlineData("pdm6-token-1.abc", "ask the operator")]
    public Task Enroll_TokenThatIsNone_SaysWhatToDo(string token, string because) => AssertWrongUseAsync(because, token, "https://host");

    [Theory]
    [InlineData("--role", "registrar", "--role")]
    [InlineData("--prefix", "2001:db8::1/64", "not an IPv6 prefix")]
    [InlineData("--prefix", "192.0.2.0/24", "not an IPv6 prefix")]
    [InlineData("--name", "a b", "--name")]
    [InlineData("--authority", "abc", "--authority")]
    [InlineData("--timeout", "0", "--timeout")]
    public Task Enroll_OptionThatIsWrong_SaysWhich(string option, string value, string because) =>
        AssertWrongUseAsync(because, GoodToken, "https://host", option, value);

    [Fact]
    public async Task Enroll_NoTokenFile_SaysSo()
    {
        (int code, _, string errors) = await Tool.RunAsync(
            "enroll", "https://host", "--token-file", In("none"), "--identity", In("identity"));
        Assert.Equal(2, code);
        Assert.Contains("does not exist", errors);
    }

    [Fact]
    public async Task Enroll_NobodyAnswersInTime_EndsWithOneAndGoesOnNextTime()
    {
        (int code, _, string errors) = await Tool.RunAsync(
            "enroll", "https://[::1]:1", "--token-file", TokenFile(GoodToken), "--identity", In("identity"), "--name", "a", "--timeout", "1");
        Assert.Equal(1, code);
        Assert.Contains("trying again", errors);
        Assert.Contains("run the same again", errors);
        Assert.True(File.Exists(Path.Combine(In("identity"), "identity.key")));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("export")]
    [InlineData("rotate")]
    public async Task Keys_NobodyEnrolled_SaysToEnrol(string verb)
    {
        (int code, string output, string errors) = await Tool.RunAsync("keys", verb, "--identity", In("identity"));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("pdm6 enroll", errors);
    }
}
