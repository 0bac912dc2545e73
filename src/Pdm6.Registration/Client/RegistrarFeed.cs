using System.Runtime.CompilerServices;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>
/// What others announce to this participant, and who was revoked: first all that is live, then every change as it comes.
/// A registrar that is away is waited for; nothing is lost meanwhile, because the feed goes on where it was.
/// </summary>
/// <param name="registrar">Whom to ask.</param>
/// <param name="authority">Who must know the senders.</param>
/// <param name="time">The clock.</param>
public sealed class RegistrarFeed(RegistrarClient registrar, AuthorityCertificate authority, TimeProvider time)
{
    private const int WaitSeconds = 30;
    // The answers of a registrar that does not wait are not asked for more often than this.
    private static readonly TimeSpan s_shortestRound = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private string _trouble = "";

    /// <summary>Why nothing comes; empty if all is well.</summary>
    public string Trouble => Volatile.Read(ref _trouble);

    /// <summary>Reads until <paramref name="cancellationToken"/>. Each enumeration begins anew.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async IAsyncEnumerable<FeedUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FeedVerifier verifier = new(authority, time);
        Backoff backoff = new(s_firstPause, s_longestPause);
        bool isCaughtUp = false;
        for (long version = 0; ;)
        {
            long askedAt = time.GetTimestamp();
            RegistrarReply<FeedPage> reply = await registrar
                .GetFeedAsync(version, isCaughtUp ? WaitSeconds : 0, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _trouble, reply.Message);
            if (!reply.IsAccepted)
            {
                await Task.Delay(backoff.Next(reply.RetryAfter), time, cancellationToken).ConfigureAwait(false);
                continue;
            }
            backoff.Reset();
            FeedPage page = reply.Value!;
            version = Math.Max(0, page.Version);
            FeedUpdate update = verifier.Verify(page);
            if (!update.IsEmpty || !isCaughtUp)
                yield return update;
            isCaughtUp |= update.IsComplete;
            if (update.IsEmpty && time.GetElapsedTime(askedAt) < s_shortestRound)
                await Task.Delay(s_shortestRound, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
