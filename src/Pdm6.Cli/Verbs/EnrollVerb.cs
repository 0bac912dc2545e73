using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 enroll</c>.</summary>
internal sealed class EnrollVerb : Verb
{
    private readonly Argument<string> _url = new("URL") { Description = "The registrar, https://HOST[:8652]." };
    private readonly Option<string> _tokenFile = new("--token-file")
    {
        Description = "The file that holds the token (mode 0600), or - for standard input.",
        Required = true,
    };
    private readonly Option<string> _identity = IdentityOption.Create();
    private readonly Option<string?> _name = new("--name") { Description = "This host's name among the participants (default: the host name)." };
    private readonly Option<string> _role = new("--role")
    {
        Description = "endpoint (measures) or analyzer (may be given keys to read measurements).",
        DefaultValueFactory = _ => "endpoint",
    };
    private readonly Option<string[]> _prefixes = new("--prefix")
    {
        Description = "Ask for this address prefix only; may be repeated (default: all that the token allows).",
    };
    private readonly Option<string?> _authority = new("--authority")
    {
        Description = "The fingerprint of the registrar's authority, if the token does not carry it.",
    };
    private readonly Option<int?> _timeout = new("--timeout") { Description = "Give up after this many seconds (default: wait)." };

    internal EnrollVerb() : base(
        "enroll",
        "Makes this host's keys and has a registrar certify them; private keys never leave the host.",
        "pdm6 enroll https://registrar.example:8652 --token-file token",
        """
        The registrar is known by the fingerprint in the token; nothing secret is sent before it has proved who it is. If an
        operator has to approve, or the registrar is away, the command waits and says so on standard error. Stopped or
        killed at any point, it goes on there when it is run again; run once more after the end, it changes nothing.

        Exit code: 0 enrolled, 1 refused or not in time, 2 wrong use, 130 stopped.
        """)
    {
        Add(_url);
        foreach (Option option in (Option[])[_tokenFile, _identity, _name, _role, _prefixes, _authority, _timeout])
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        TextWriter errors = parsed.InvocationConfiguration.Error;
        int? timeoutSeconds = parsed.GetValue(_timeout);
        if (timeoutSeconds < 1)
            throw new WrongUseException("--timeout is at least one second.");
        EnrollmentOptions options = EnrollmentArguments.Check(
            parsed.GetRequiredValue(_url), TokenFile.Read(parsed.GetRequiredValue(_tokenFile)), parsed.GetValue(_authority),
            parsed.GetRequiredValue(_identity), parsed.GetValue(_name), parsed.GetRequiredValue(_role), parsed.GetValue(_prefixes) ?? []);
        Enrollment enrollment = new(options, TimeProvider.System, line => errors.WriteLine($"pdm6 enroll: {line}"));
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (timeoutSeconds is { } seconds)
            deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            using IdentityDirectory identity = await enrollment.RunAsync(deadline.Token).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Output
                .WriteLineAsync(identity.Certificate.IdentityFingerprint.ToString()).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new EnrollmentException($"Not finished in {timeoutSeconds} s: run the same again, it goes on from here.");
        }
    }
}
