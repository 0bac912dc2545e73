using Pdm6.Datapath;
using Pdm6.Security.Announcements;
using Pdm6.Security;

namespace Pdm6.Agent.Exchange;

/// <summary>Something that the registrar is to be told.</summary>
internal abstract record RegistrarPost
{
    /// <summary>A context.</summary>
    internal sealed record Announcement(ContextId Context, SignedEnvelope Envelope) : RegistrarPost;

    /// <summary>Pair secrets.</summary>
    internal sealed record Grants(IReadOnlyList<(ContextId Context, AddressPair Pair, SignedEnvelope Envelope)> All) : RegistrarPost;
}
