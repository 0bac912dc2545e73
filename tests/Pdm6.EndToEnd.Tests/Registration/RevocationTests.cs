using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;

namespace Pdm6.EndToEnd.Tests.Registration;

/// <summary>Who is revoked is out within ten seconds, without a restart of anything.</summary>
public class RevocationTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [RootFact]
    public async Task Analyzer_Revoked_EverySenderBeginsAContextWithoutItWithinTenSeconds()
    {
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        laboratory.Keys.Pin(await laboratory.EnrollAnalyzerAsync("auditor"));
        await laboratory.EnrollAnalyzerAsync("stranger"); // whom nobody pins
        HpkeKeyId auditor = KeyOf("auditor"), stranger = KeyOf("stranger");
        long withoutKey = await laboratory.StartAgentsAsync();
        SealedAnnouncement before = (await laboratory.NewestContextAsync("client"))!;
        Assert.Contains(before.Sealed, secret => secret.KeyId == auditor);
        Assert.DoesNotContain(before.Sealed, secret => secret.KeyId == stranger);

        await laboratory.Registrar.RevokeAsync("auditor");
        DateTime revoked = DateTime.UtcNow;
        await laboratory.Conversation.UntilAsync(
            async () => await IsWithoutAsync("client", laboratory.Measured.Client) && await IsWithoutAsync("server", laboratory.Measured.Server),
            "the agents go on with a context that was sealed to a revoked analyzer");
        Assert.InRange(DateTime.UtcNow - revoked, TimeSpan.Zero, s_limit);
        await laboratory.Conversation.RunAsync(20);

        await laboratory.RequireNothingLostAsync(withoutKey);

        async Task<bool> IsWithoutAsync(string name, RunningAgent agent) =>
            await laboratory.NewestContextAsync(name) is { } newest && newest.Sealed.All(secret => secret.KeyId != auditor)
            && await RegisteredLaboratory.ContextAsync(agent) == newest.Announcement.ContextId;

        HpkeKeyId KeyOf(string name)
        {
            using IdentityDirectory identity = IdentityDirectory.Load(laboratory.Registrar.PathOf(name));
            return identity.HpkeKeys[0].PublicKey.KeyId;
        }
    }

    [RootFact]
    public async Task Endpoint_Revoked_MayNotReportAndGetsNoOptionsWithinTenSeconds()
    {
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        await laboratory.StartAgentsAsync();
        ContextId before = await RegisteredLaboratory.ContextAsync(laboratory.Measured.Client);

        await laboratory.Registrar.RevokeAsync("server");
        DateTime revoked = DateTime.UtcNow;
        await laboratory.Conversation.UntilAsync(
            async () => await laboratory.Measured.Client.StatusAsync() is { PairsWithKey: 0, ReceivingKeys: 0 } client && client.ContextId != before
                && (await laboratory.Measured.Server.StatusAsync()).CollectorTrouble.Length > 0,
            "a revoked endpoint is still served");

        Assert.InRange(DateTime.UtcNow - revoked, TimeSpan.Zero, s_limit);
    }
}
