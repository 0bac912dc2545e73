using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;

namespace Pdm6.Agent.Exchange;

/// <summary>Tells the registrar of our contexts and grants, in order, until it has them.</summary>
/// <param name="contexts">What there is to tell.</param>
/// <param name="registrar">The way to it.</param>
/// <param name="link">Takes note of the replies.</param>
/// <param name="news">Hears what became of it.</param>
/// <param name="time">Measures the pauses.</param>
internal sealed class RegistrarOutbox(
    OwnContexts contexts, RegistrarClient registrar, RegistrarLink link, IExchangeNews news, TimeProvider time)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100), s_longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_beforeAnother = TimeSpan.FromSeconds(30);

    private readonly Signal _added = new();

    /// <summary>There is something new to tell. Any thread.</summary>
    internal void Look() => _added.Set();

    internal async Task RunAsync(CancellationToken stop)
    {
        Backoff backoff = new(s_first, s_longest);
        while (true)
        {
            if (contexts.Next() is not { } post)
            {
                await _added.WaitAsync(stop).ConfigureAwait(false);
                continue;
            }
            RegistrarReply<VersionAnswer> reply = link.Note(await PostAsync(post, stop).ConfigureAwait(false));
            if (reply.IsAccepted)
            {
                contexts.SetTaken(post);
                news.PairsChanged();
                backoff.Reset();
                continue;
            }
            if (reply.Outcome == RegistrarOutcome.Refused && post is RegistrarPost.Grants refused)
                contexts.Drop(refused);
            if (reply.Code == ErrorCodes.StaleSequence)
            {
                // Our clock was set back since a former life. No context of ours with this number is ever taken.
                await Task.Delay(s_beforeAnother, time, stop).ConfigureAwait(false);
                news.ReplaceContext();
            }
            await Task.Delay(backoff.Next(reply.RetryAfter), time, stop).ConfigureAwait(false);
        }
    }

    private Task<RegistrarReply<VersionAnswer>> PostAsync(RegistrarPost post, CancellationToken stop) => post switch
    {
        RegistrarPost.Announcement announcement => registrar.PostAnnouncementAsync(announcement.Envelope, stop),
        RegistrarPost.Grants grants => registrar.PostGrantsAsync([.. grants.All.Select(grant => grant.Envelope)], stop),
        _ => throw new InvalidOperationException($"There is no post {post}."),
    };
}
