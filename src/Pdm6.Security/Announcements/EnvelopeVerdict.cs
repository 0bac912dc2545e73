using System.Diagnostics.CodeAnalysis;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>What a gate says about an envelope.</summary>
/// <typeparam name="T">What the envelope holds.</typeparam>
public sealed class EnvelopeVerdict<T>
    where T : class
{
    private EnvelopeVerdict(EnvelopeRefusal refusal, string? reason, ParticipantCertificate? sender, T? content) =>
        (Refusal, Reason, Sender, Content) = (refusal, reason, sender, content);

    /// <summary>True if it may be used.</summary>
    [MemberNotNullWhen(true, nameof(Sender), nameof(Content))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsAccepted => Refusal == EnvelopeRefusal.None;

    /// <summary>Why not.</summary>
    public EnvelopeRefusal Refusal { get; }

    /// <summary>Why not, in one sentence that says what to do; null if it is accepted.</summary>
    public string? Reason { get; }

    /// <summary>The certificate it was signed with. Of a refused envelope it says who claims to have sent it, and is
    /// null if the certificate cannot be read.</summary>
    public ParticipantCertificate? Sender { get; }

    /// <summary>The content; null if the envelope is refused.</summary>
    public T? Content { get; }

    internal static EnvelopeVerdict<T> Accepted(ParticipantCertificate sender, T content) => new(EnvelopeRefusal.None, null, sender, content);

    internal static EnvelopeVerdict<T> Refused(EnvelopeRefusal refusal, ParticipantCertificate? sender, string? detail = null) =>
        new(refusal, RefusalText.Of(refusal, detail), sender, null);
}
