using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>Long polls: an answer as soon as there is something for the caller, or when its time is over.</summary>
internal sealed class FeedService(RegistrarStore store, FeedSignal signal, TimeProvider time)
{
    public async Task<Decision<FeedPage>> ReadAsync(Caller caller, long after, TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            List<string> keyIds = await store.ReadAsync(
                sql => KeyBundleTable.KeyIds(sql, caller.Fingerprint), cancellationToken).ConfigureAwait(false);
            using FeedWaiter waiter = signal.Enter(keyIds);
            Decision<FeedPage> page = await store.ReadAsync(sql => Page(sql, caller, after), cancellationToken).ConfigureAwait(false);
            TimeSpan rest = patience - time.GetElapsedTime(began);
            if (page.IsRefused || IsNews(page.Result, after) || rest <= TimeSpan.Zero || signal.IsClosed)
                return page;
            try
            {
                await waiter.News.WaitAsync(rest, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Nothing came: the page as it is by then, whose version saves the next look.
            }
        }
    }

    private Decision<FeedPage> Page(SqlSession sql, Caller caller, long after) =>
        Gate.Standing(sql, caller) is { } refusal
            ? refusal
            : new FeedReader(sql, caller.Fingerprint, time.UnixNs(), after).Read();

    // A version below the caller's: the store was restored from an older copy, and the caller has to know.
    private static bool IsNews(FeedPage page, long after) =>
        page.More || page.AnalyzersChanged || page.Announcements.Count > 0 || page.Grants.Count > 0 || page.Revoked.Count > 0
        || page.Version < after;
}
