using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>Long polls: an answer as soon as there is something for the caller, or when its time is over.</summary>
internal sealed class FeedService(RegistrarStore store, FeedNews news, TimeProvider time)
{
    public async Task<Decision<FeedPage>> ReadAsync(Caller caller, long after, TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp(), durable = news.Durable;
        while (true)
        {
            Task next = news.NextFor(caller.Fingerprint);
            if (news.TryAnswer(caller.Fingerprint, after, durable) is not { } page)
            {
                Decision<FeedPage> read = await store.ReadAsync(sql => Page(sql, caller, after), cancellationToken).ConfigureAwait(false);
                if (read.IsRefused)
                    return read;
                page = read.Result;
                if (!page.More)
                    news.Told(caller.Fingerprint, page.Version);
            }
            TimeSpan rest = patience - time.GetElapsedTime(began);
            if (IsNews(page, after) || rest <= TimeSpan.Zero || news.IsClosed)
                return page;
            after = page.Version;
            await news.WaitAsync(next, rest, time, cancellationToken).ConfigureAwait(false);
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
