using System.Threading.Channels;
using Pdm6.Datapath;
using Pdm6.Registration.Client;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// Which endpoint owns which address, as far as packets asked: an answer is kept, and asked for again when it is old; no
/// answer is kept too, for a while that doubles. Bounded. Thread-safe.
/// </summary>
/// <param name="time">Measures ages.</param>
/// <param name="most">Addresses that are remembered; when there are more, the one that is due first is forgotten.</param>
internal sealed class OwnerBook(TimeProvider time, int most = 65_536)
{
    /// <summary>How long an answer is used without asking again.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    /// <summary>How long no answer is believed, the first time and at most.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1), LongestPatience = TimeSpan.FromMinutes(1);

    private const int MostQuestions = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<Ipv6Address, Entry> _entries = [];
    private readonly PriorityQueue<Ipv6Address, long> _byDueTime = new();
    private readonly Channel<AddressPair> _questions = Channel.CreateBounded<AddressPair>(MostQuestions);

    private sealed class Entry
    {
        internal Addressee? Owner { get; set; }
        internal bool IsAsked { get; set; }
        internal int Failures { get; set; }
        internal long DueTicks { get; set; }
    }

    /// <summary>Pairs whose destination is to be looked up.</summary>
    internal ChannelReader<AddressPair> Questions => _questions.Reader;

    /// <summary>The owner of an address; null if there is none, or it is not known.</summary>
    internal Addressee? OwnerOf(Ipv6Address address)
    {
        lock (_lock)
            return _entries.GetValueOrDefault(address)?.Owner;
    }

    /// <summary>True if the address was looked up and nobody owns it.</summary>
    internal bool IsUnowned(Ipv6Address address)
    {
        lock (_lock)
            return _entries.GetValueOrDefault(address) is { Owner: null, Failures: > 0 };
    }

    /// <summary>Has a pair's destination looked up if it is time to.</summary>
    internal void Ask(AddressPair pair)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(pair.Destination, out Entry? entry))
            {
                MakeRoom();
                _entries[pair.Destination] = entry = new Entry { DueTicks = Now };
            }
            if (!entry.IsAsked && entry.DueTicks <= Now)
                entry.IsAsked = _questions.Writer.TryWrite(pair); // else the next packet asks again
        }
    }

    /// <summary>The answer to a question: the owner, who was found at the address.</summary>
    internal void SetOwner(Ipv6Address address, Addressee owner) => Answer(address, entry =>
    {
        (entry.Owner, entry.Failures) = (owner, 0);
        return Fresh;
    });

    /// <summary>The answer to a question: nobody, or nobody who can be reached there.</summary>
    internal void SetUnowned(Ipv6Address address) => Answer(address, entry =>
    {
        entry.Owner = null;
        return FirstPatience * (1 << Math.Min(entry.Failures++, 10));
    });

    /// <summary>The question could not be answered. What was known stays.</summary>
    internal void SetUnanswered(Ipv6Address address) => Answer(address, _ => FirstPatience);

    /// <summary>Forgets a participant; what it owns is looked up anew.</summary>
    internal void Forget(Fingerprint identity)
    {
        lock (_lock)
            foreach (Entry entry in _entries.Values.Where(entry => entry.Owner?.Identity == identity))
                (entry.Owner, entry.DueTicks) = (null, Now);
    }

    /// <summary>Somebody else than was known has announced an address: it is looked up anew when it is next asked for.</summary>
    internal void Doubt(Ipv6Address address, Fingerprint announcer)
    {
        lock (_lock)
            if (_entries.TryGetValue(address, out Entry? entry) && entry.Owner?.Identity != announcer)
                entry.DueTicks = Now;
    }

    private long Now => time.GetTimestamp();

    private void Answer(Ipv6Address address, Func<Entry, TimeSpan> take)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(address, out Entry? entry))
                return; // forgotten meanwhile, to make room
            TimeSpan wait = take(entry);
            entry.IsAsked = false;
            entry.DueTicks = Now + (long)((wait < Fresh && wait > LongestPatience ? LongestPatience : wait).TotalSeconds * time.TimestampFrequency);
            _byDueTime.Enqueue(address, entry.DueTicks);
        }
    }

    private void MakeRoom()
    {
        while (_entries.Count >= most && _byDueTime.TryDequeue(out Ipv6Address oldest, out long due))
            if (_entries.TryGetValue(oldest, out Entry? entry) && entry.DueTicks == due && !entry.IsAsked)
                _entries.Remove(oldest);
    }
}
