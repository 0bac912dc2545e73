using System.Globalization;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>What all gates ask about time.</summary>
internal static class EnvelopeTimes
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    /// <summary>By how much a sender's clock may be ahead, beyond the error that it announced: 5 minutes.</summary>
    private const ulong LargestSkewNs = 300 * NanosecondsPerSecond;

    /// <summary>Whether the certificate was valid at an instant and, if there is a now, the instant is not ahead of it.</summary>
    /// <param name="sender">The certificate.</param>
    /// <param name="issuedAtUnixNs">When the sender says that it signed.</param>
    /// <param name="clockErrorBoundNs">By how much the sender says that its clock may be wrong.</param>
    /// <param name="nowUnixNs">Now; null for envelopes of the past.</param>
    /// <param name="detail">Seconds ahead, if it is.</param>
    public static EnvelopeRefusal Check(
        ParticipantCertificate sender, ulong issuedAtUnixNs, ulong clockErrorBoundNs, ulong? nowUnixNs, out string? detail)
    {
        detail = null;
        // Ahead comes first: a clock that is wrong by years is outside the certificate's time too.
        if (nowUnixNs is { } now && issuedAtUnixNs > now && issuedAtUnixNs - now > LargestSkewNs + clockErrorBoundNs)
        {
            detail = ((issuedAtUnixNs - now) / NanosecondsPerSecond).ToString(CultureInfo.InvariantCulture);
            return EnvelopeRefusal.FromTheFuture;
        }
        return sender.IsValidAt(issuedAtUnixNs) ? EnvelopeRefusal.None : EnvelopeRefusal.CertificateNotValidThen;
    }
}
