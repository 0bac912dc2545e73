using System.Runtime.InteropServices;

namespace Pdm6.Registration.Server;

/// <summary>One rate for every client of a kind. Remembers a bounded number of them; when there are more, the others
/// share one rate, so that many addresses buy an attacker no more. For any thread.</summary>
internal sealed class RateLimit<T>(double perSecond, int atOnce, TimeProvider time) where T : notnull
{
    private const int Most = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<T, TokenBucket> _buckets = [];
    private TokenBucket _others = new(atOnce, time.GetTimestamp());

    /// <summary>True if the client may ask once more now; else in how many seconds, at least 1.</summary>
    public bool TryTake(T client, out int waitSeconds)
    {
        long now = time.GetTimestamp();
        bool isTaken;
        double wait;
        lock (_lock)
        {
            if (_buckets.Count >= Most && !_buckets.ContainsKey(client))
                ForgetFull(now);
            if (_buckets.Count >= Most && !_buckets.ContainsKey(client))
                isTaken = _others.TryTake(atOnce, perSecond, now, time.TimestampFrequency, out wait);
            else
            {
                ref TokenBucket bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, client, out bool isKnown);
                if (!isKnown)
                    bucket = new TokenBucket(atOnce, now);
                isTaken = bucket.TryTake(atOnce, perSecond, now, time.TimestampFrequency, out wait);
            }
        }
        waitSeconds = (int)Math.Ceiling(wait);
        return isTaken;
    }

    private void ForgetFull(long now)
    {
        foreach (T client in _buckets
            .Where(bucket => bucket.Value.IsFull(atOnce, perSecond, now, time.TimestampFrequency))
            .Select(bucket => bucket.Key).ToList())
            _buckets.Remove(client);
    }
}
