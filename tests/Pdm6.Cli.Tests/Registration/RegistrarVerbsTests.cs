using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;

namespace Pdm6.Cli.Tests.Registration;

/// <summary>The operator's verbs, as a shell sees them.</summary>
public sealed class RegistrarVerbsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task TokenCreate_PrintsNothingButTheToken()
    {
        (int code, string output, string errors) = await RunAsync("token", "create", "--role", "endpoint", "--prefix", "2001:db8::/32");

        Assert.Equal((0, ""), (code, errors));
        Assert.True(EnrollmentToken.TryParse(output, out EnrollmentToken? token, out _));
        Assert.Equal(token.ToText() + Environment.NewLine, output);
    }

    [Fact]
    public async Task TokenCreate_IntoFile_PrintsNoSecretAndFileIsForItsOwnerOnly()
    {
        string file = Path.Combine(_directory.Path, "token");

        (int code, string output, string errors) = await RunAsync("token", "create", "--role", "analyzer", "--output", file);

        Assert.Equal((0, ""), (code, output));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.True(EnrollmentToken.TryParse(await File.ReadAllTextAsync(file), out EnrollmentToken? token, out _));
        Assert.Contains(token.Id, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(token.ToText(), errors, StringComparison.Ordinal);
        (code, _, errors) = await RunAsync("token", "create", "--role", "analyzer", "--output", file);
        Assert.NotEqual(0, code);
        Assert.Contains("is there already", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenListAndRevoke_ShowWhatBecameOfIt()
    {
        (_, string text, _) = await RunAsync("token", "create", "--role", "endpoint", "--prefix", "2001:db8::/32", "--uses", "3", "--ttl", "7d");
        Assert.True(EnrollmentToken.TryParse(text, out EnrollmentToken? token, out _));

        (_, string before, _) = await RunAsync("token", "list");
        (int code, _, _) = await RunAsync("token", "revoke", token.Id);
        (_, string after, _) = await RunAsync("token", "list");
        (_, string audit, _) = await RunAsync("audit");

        Assert.Equal(0, code);
        Assert.StartsWith($"{token.Id}  endpoint  good       used 0 of 3, until ", before, StringComparison.Ordinal);
        Assert.Contains("revoked", after, StringComparison.Ordinal);
        Assert.Equal(["token-created", "token-revoked"], audit.TrimEnd().Split('\n').Select(line => line.Split('\t')[3]));
        Assert.DoesNotContain(text.Split('.')[3].Trim(), before + after + audit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token", "create", "--role", "endpoint")]
    [InlineData("token", "create", "--role", "registrar")]
    [InlineData("token", "create", "--role", "analyzer", "--ttl", "soon")]
    [InlineData("token", "create", "--role", "analyzer", "--uses", "0")]
    [InlineData("token", "create", "--role", "endpoint", "--prefix", "2001:db8::1/64")]
    [InlineData("token", "revoke", "0123456789abcdef")]
    [InlineData("approve", "nobody")]
    [InlineData("revoke", "nobody")]
    [InlineData("share", "fe80")]
    [InlineData("run", "--listen", "nowhere")]
    public async Task Verb_UsedWrongly_SaysSoInOneLineAndEndsWithTwo(params string[] arguments)
    {
        (int code, string output, string errors) = await RunAsync(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith("pdm6: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ListensUntilItIsToldToStop()
    {
        await using RegistrarProcess process = await RegistrarProcess.StartAsync(Data, null, 0);
        using HttpClient anybody = TestParticipant.CreateClient(process.Url, null);

        Assert.Equal("healthy\n", await anybody.GetStringAsync(new Uri("/-/healthy", UriKind.Relative)));
        Assert.Equal(0, await process.StopAsync());
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        Tool.RunAsync(["registrar", .. arguments, "--data", Data]);
}
