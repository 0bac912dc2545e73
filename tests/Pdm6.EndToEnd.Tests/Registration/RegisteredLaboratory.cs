using Pdm6.Collector.Api;
using Pdm6.Lab;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.EndToEnd.Tests.Registration;

/// <summary>A laboratory in which everybody is registered, and a conversation between client and server.</summary>
internal sealed class RegisteredLaboratory : IAsyncDisposable
{
    private Conversation? _conversation;

    private RegisteredLaboratory()
    {
    }

    internal MeasuredLaboratory Measured { get; private set; } = null!;

    internal LaboratoryRegistrar Registrar { get; private set; } = null!;

    internal RegisteredKeys Keys { get; private set; } = null!;

    internal Conversation Conversation => _conversation ??= new Conversation(Measured.Hosts);

    /// <summary>Builds it; agents are not started yet.</summary>
    internal static async Task<RegisteredLaboratory> StartAsync()
    {
        RegisteredLaboratory laboratory = new();
        laboratory.Measured = await MeasuredLaboratory.StartAsync(async measured =>
        {
            laboratory.Registrar = new LaboratoryRegistrar(measured.Hosts, Path.GetDirectoryName(measured.PathOf("x"))!);
            await laboratory.Registrar.StartAsync();
            return laboratory.Keys = await RegisteredKeys.EnrollAsync(measured.Hosts, laboratory.Registrar);
        });
        return laboratory;
    }

    /// <summary>Starts both agents, and converses until both seal and accept what the other seals. Returns how many packets
    /// found no key until then.</summary>
    /// <param name="epochSeconds">Length of epochs.</param>
    /// <param name="contextSeconds">Length of contexts.</param>
    /// <param name="otherRules">Besides the conversation's.</param>
    internal async Task<long> StartAgentsAsync(int epochSeconds = 60, int contextSeconds = 3600, params IReadOnlyList<object> otherRules)
    {
        Keys.Rotation = (epochSeconds, contextSeconds);
        Task started = Measured.StartAgentsAsync([.. Conversation.Rules, .. otherRules]);
        // So that they see every packet of the conversation.
        await Poll.UntilAsync(
            async () => started.IsFaulted || (await Measured.ReadAgentsAsync()).Count == 2, () => "the agents do not introduce themselves");
        await Conversation.UntilAsync(() => Task.FromResult(started.IsCompleted), "the agents give each other no keys");
        await started;
        GroupView? group = null;
        await Poll.UntilAsync(
            async () => (group = (await Measured.ReadGroupsAsync()).GetValueOrDefault(Conversation.Group))?.Selected == 2 * Conversation.Exchanges,
            () => $"the agents have counted {group?.Selected} packets of {2 * Conversation.Exchanges}");
        return WithoutKey(group!);
    }

    private static long WithoutKey(GroupView group) => group.LeftAlone.GetValueOrDefault("no-key");

    /// <summary>Fails unless since the start every packet was sealed, opened and paired.</summary>
    /// <param name="withoutKey">What <see cref="StartAgentsAsync"/> said.</param>
    internal async Task RequireNothingLostAsync(long withoutKey)
    {
        await Measured.QuietAsync();
        await Measured.StopAgentsAsync();
        Dictionary<string, GroupView> groups = await Measured.ReadGroupsAsync();
        GroupView group = groups[Conversation.Group];
        TotalsView totals = await Measured.ReadTotalsAsync();
        Assert.Equal((2 * Conversation.Exchanges, withoutKey), (group.Selected, WithoutKey(group)));
        Assert.Equal(group.Selected - withoutKey, group.Sealed);
        Assert.All(groups.Values, each => Assert.Equal((each.Sealed, 0), (each.Packets, each.Lost)));
        Assert.Equal(groups.Values.Sum(each => each.Sealed), totals.Opened);
        Assert.Equal((0, 0, 0, 0), (totals.NoKey, totals.WrongEpoch, totals.AuthenticationFailed, totals.Waiting));
    }

    /// <summary>The newest context of an agent that the collector has opened, and to whom it is sealed.</summary>
    internal async Task<SealedAnnouncement?> NewestContextAsync(string agent)
    {
        SealedAnnouncement? newest = null;
        foreach (SignedEnvelope envelope in await Measured.ReadEnvelopesAsync())
        {
            Assert.True(SealedAnnouncement.TryParse(envelope.Body, out SealedAnnouncement? context, out string? error), error);
            if (context.Announcement.AgentName == agent && !(newest?.Announcement.Sequence > context.Announcement.Sequence))
                newest = context;
        }
        return newest;
    }

    /// <summary>The base secrets of all contexts, opened from the envelopes with the collector's key.</summary>
    internal async Task<Dictionary<IncarnationId, byte[]>> OpenEnvelopesAsync()
    {
        using IdentityDirectory collector = IdentityDirectory.Load(Registrar.PathOf("collector"));
        Dictionary<IncarnationId, byte[]> secrets = [];
        foreach (SignedEnvelope envelope in await Measured.ReadEnvelopesAsync())
        {
            EnvelopeVerdict<SealedAnnouncement> verdict = AnnouncementGate.CheckForCapture(envelope, collector.Authority);
            Assert.True(verdict.IsAccepted, verdict.Reason);
            byte[] secret = new byte[KeyDerivation.SecretSize];
            Assert.Contains(collector.HpkeKeys, key => verdict.Content.TryOpen(key, verdict.Sender.Hash, secret));
            secrets.Add(verdict.Content.Announcement.IncarnationId, secret);
        }
        return secrets;
    }

    /// <summary>Enrols an analyzer that runs nothing.</summary>
    internal Task<Fingerprint> EnrollAnalyzerAsync(string name) => Registrar.EnrollAsync(
        name, Role.Analyzer, Measured.Hosts.Collector, LaboratoryAddresses.CollectorForClient);

    /// <summary>The context that an agent uses.</summary>
    internal static async Task<ContextId> ContextAsync(RunningAgent agent) => (await agent.StatusAsync()).ContextId;

    public async ValueTask DisposeAsync()
    {
        _conversation?.Dispose();
        if (Registrar is not null)
            await Registrar.DisposeAsync();
        await Measured.DisposeAsync();
    }
}
