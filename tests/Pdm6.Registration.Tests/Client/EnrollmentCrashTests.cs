using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;

namespace Pdm6.Registration.Tests.Client;

/// <summary>An enrolment that dies after any of its steps, and is run again.</summary>
public sealed class EnrollmentCrashTests : IAsyncLifetime
{
    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    /// <summary>Runs until that step.</summary>
    /// <returns>True if the end came first.</returns>
    private async Task<bool> DieAfterAsync(EnrollmentOptions options, int steps)
    {
        using CancellationTokenSource patience = new(Site.Patience);
        try
        {
            (await _site.Enrollment(options, () =>
            {
                if (steps-- == 0)
                    throw new DeathException();
            }).RunAsync(patience.Token)).Dispose();
            return true;
        }
        catch (DeathException)
        {
            return false;
        }
    }

    private async Task AssertOneAsync(EnrollmentOptions options, IdentityDirectory identity)
    {
        ParticipantDescription known = Assert.Single(await _site.ParticipantsAsync(), one => one.Name == options.Name);
        Assert.Equal((identity.Certificate.IdentityFingerprint, "active"), (known.Fingerprint, known.State));
        Assert.Single(identity.HpkeKeys);
        Assert.NotNull(identity.DescribeHpkeKeys()[0].PublishedAt);
        Assert.DoesNotContain(Directory.GetFiles(identity.Path), file => file.EndsWith(".part", StringComparison.Ordinal));
        IReadOnlyList<AuditEntry> audit = await _site.Registrar.Operator.AuditAsync(0, 10_000, CancellationToken.None);
        Assert.Single(audit, entry => entry.Action == "enrolled" && entry.Subject == known.Fingerprint.ToString());
    }

    [Fact]
    public async Task Enroll_DiesAfterAnyStep_TheNextRunEndsWithOneIdentityAndOneCertificate()
    {
        int steps = 0;
        for (bool isDone = false; !isDone; steps++)
        {
            EnrollmentOptions options = _site.Options(await _site.TokenAsync(), $"host-{steps}");
            isDone = await DieAfterAsync(options, steps);
            using IdentityDirectory identity = await _site.EnrollAsync(options);
            await AssertOneAsync(options, identity);
        }
        // Directory, identity key, HPKE key, state, authority asked and written, certificate asked and written, bundle: it can fail.
        Assert.True(steps > 8, $"only {steps} steps");
    }

    [Fact]
    public async Task Enroll_DiesOneStepLaterEachTime_EndsWithOneIdentityAndOneCertificate()
    {
        EnrollmentOptions options = _site.Options(await _site.TokenAsync(), "host");
        int steps = 0;
        while (!await DieAfterAsync(options, steps))
            steps++;
        using IdentityDirectory identity = IdentityDirectory.Load(options.Directory);
        await AssertOneAsync(options, identity);
    }

    [Fact]
    public async Task Enroll_AfterAFileThatWasHalfWritten_RemovesIt()
    {
        EnrollmentOptions options = _site.Options(await _site.TokenAsync(), "host");
        Directory.CreateDirectory(options.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(options.Directory, "identity.key.1-2.part"), "half a");
        using IdentityDirectory identity = await _site.EnrollAsync(options);
        await AssertOneAsync(options, identity);
    }

    private sealed class DeathException : Exception;
}
