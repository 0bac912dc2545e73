using System.Globalization;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Storage;

/// <summary>What every database must do for a registrar.</summary>
public abstract class StoreContract(IStoreKind kind)
{
    private static readonly Fingerprint _sender = Fingerprint.Of("sender"u8), _reader = Fingerprint.Of("reader"u8);
    private static readonly string _readersKey = Fingerprint.Of("key"u8).ToString();

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody'")]
    [InlineData("DELETE FROM audit")]
    public async Task AuditLog_ChangedByStatement_RefusesAndStays(string statement)
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        await registrar.TokenAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });

        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.WriteAsync(transaction => transaction.Sql.Execute(statement)));

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        AuditEntry entry = Assert.Single(await registrar.Host.Operator.AuditAsync(0, 10, default));
        Assert.Equal("operator", entry.Actor);
    }

    [Fact]
    public async Task Work_ThatThrows_FailsAloneAndLeavesNothing()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });

        Task<bool>[] all = [.. Enumerable.Range(0, 50).Select(i => store.WriteAsync(transaction =>
        {
            transaction.Audit("test", "did", i.ToString(CultureInfo.InvariantCulture), "", "");
            return i % 10 == 3 ? throw new InvalidDataException("a mistake") : true;
        }))];
        await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([3, 13, 23, 33, 43], Enumerable.Range(0, 50).Where(i => all[i].IsFaulted));
        Assert.Equal(45, (await registrar.Host.Operator.AuditAsync(0, 100, default)).Count);
    }

    [Fact]
    public async Task Versions_OfManyWritersAtOnce_AreDistinctAndRise()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore a = RegistrarStore.Open(registrar.Options, committed: _ => { });
        using RegistrarStore b = RegistrarStore.Open(registrar.Options, committed: _ => { });

        long[] versions = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            i => (i % 2 == 0 ? a : b).WriteAsync(transaction => transaction.NextVersion())));

        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), versions.Order());
        Assert.Equal(100, (await a.ReadAsync(StoreVersions.Read, default)).Version);
    }

    [Fact]
    public async Task Feed_LongerThanAPage_ComesWholeAndOnce()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });
        const int Announcements = 1234;
        await FillAsync(store, Announcements, _ => 100);

        List<int> read = await ReadAllAsync(store);

        Assert.Equal(Enumerable.Range(0, Announcements), read);
    }

    [Fact]
    public async Task Feed_OfLargeAnnouncements_ComesInBoundedPages()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });
        const int Announcements = 40;
        await FillAsync(store, Announcements, _ => RegistrarLimits.LargestPage / 10);

        List<int> read = await ReadAllAsync(store, page => Assert.True(
            page.Announcements.Sum(envelope => (long)envelope.Body.Length) <= RegistrarLimits.LargestPage));

        Assert.Equal(Enumerable.Range(0, Announcements), read);
    }

    [Fact]
    public async Task Feed_AskedAfterAVersionThatThereIsNot_BeginsAnew()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });
        await FillAsync(store, 3, _ => 10);

        FeedPage page = await store.ReadAsync(sql => new FeedReader(sql, _reader, 1, after: 1_000_000).Read(), default);

        Assert.Equal(3, page.Announcements.Count);
        Assert.Equal(3, page.Version);
    }

    [Fact]
    public async Task Announcement_OfSameContextAgain_TakesThePlaceOfTheOlder()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });
        await FillAsync(store, 1, _ => 10);

        await store.WriteAsync(transaction => Put(transaction, 0, new byte[20]));
        FeedPage page = await store.ReadAsync(sql => new FeedReader(sql, _reader, 1, after: 0).Read(), default);

        Assert.Equal(20, Assert.Single(page.Announcements).Body.Length);
    }

    [Fact]
    public async Task Changes_AfterAVersion_ConcernWhomTheyNameAndNobodyElse()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using RegistrarStore store = RegistrarStore.Open(registrar.Options, committed: _ => { });
        await FillAsync(store, 3, _ => 10);

        StoreChanges all = await ChangesAsync(store, 0), none = await ChangesAsync(store, 3), never = await ChangesAsync(store, 7);
        await store.WriteAsync(transaction => GrantToReader(transaction, 0));
        StoreChanges granted = await ChangesAsync(store, 3);
        await store.WriteAsync(transaction => Put(transaction, 0, new byte[20], recipients: []));
        StoreChanges announcedAgain = await ChangesAsync(store, 4);
        await store.WriteAsync(transaction => Put(transaction, 3, new byte[20], recipients: []));
        StoreChanges forNobody = await ChangesAsync(store, 5);
        await store.WriteAsync(transaction => Revoke(transaction, _sender));
        StoreChanges revoked = await ChangesAsync(store, 6);

        Assert.Equal(3, all.Now.Version);
        Assert.Equal([_reader], all.Concerned);
        Assert.Equal((3, 0), (none.Now.Version, none.Concerned.Count));
        Assert.Equal((3, 0), (never.Now.Version, never.Concerned.Count));
        Assert.Equal([_reader], granted.Concerned);
        Assert.Equal([_reader], announcedAgain.Concerned);
        Assert.Equal((6, 0, 0), (forNobody.Now.Version, forNobody.Concerned.Count, forNobody.Revoked.Count));
        Assert.Equal([new Revocation(7, _sender.ToString())], revoked.Revoked);
        Assert.Empty(revoked.Concerned);
    }

    private static Task<StoreChanges> ChangesAsync(RegistrarStore store, long after) =>
        store.ReadAsync(sql => StoreChanges.Read(sql, after, nowNs: 1), default);

    private static bool GrantToReader(StoreTransaction transaction, int context)
    {
        GrantTable.Put(
            transaction.Sql, context.ToString("x32", CultureInfo.InvariantCulture), new byte[16], new byte[16], _readersKey,
            transaction.NextVersion(), long.MaxValue, Fingerprint.Of("sender"u8).ToString(), new SignedEnvelope([1], [2], [3]));
        return true;
    }

    private static bool Revoke(StoreTransaction transaction, Fingerprint who)
    {
        ParticipantTable.Revoke(transaction.Sql, who, transaction.NextVersion());
        return true;
    }

    private static async Task<List<int>> ReadAllAsync(RegistrarStore store, Action<FeedPage>? look = null)
    {
        List<int> read = [];
        FeedPage page;
        long after = 0;
        do
        {
            page = await store.ReadAsync(sql => new FeedReader(sql, _reader, 1, after).Read(), default);
            Assert.True(page.Version > after || !page.More);
            look?.Invoke(page);
            after = page.Version;
            read.AddRange(page.Announcements.Select(envelope => BitConverter.ToInt32(envelope.Body)));
        }
        while (page.More);
        return read;
    }

    private static Task<bool> FillAsync(RegistrarStore store, int announcements, Func<int, int> size) => store.WriteAsync(transaction =>
    {
        foreach ((Fingerprint who, string name) in new[] { (_sender, "sender"), (_reader, "reader") })
        {
            ParticipantTable.Add(transaction.Sql, new StoredParticipant
            {
                Fingerprint = who, Name = name, Role = Role.Endpoint, Prefixes = [], State = ParticipantState.Approved, Source = "test", CreatedNs = 1,
            });
            ParticipantTable.SetCertificate(transaction.Sql, who, System.Text.Encoding.ASCII.GetBytes(name), long.MaxValue);
        }
        KeyBundleTable.Set(
            transaction.Sql, _reader, 1, Fingerprint.Of("reader"u8).ToString(), new SignedEnvelope([1], [2], [3]), [_readersKey]);
        for (int i = 0; i < announcements; i++)
        {
            byte[] body = new byte[size(i)];
            BitConverter.TryWriteBytes(body, i);
            Put(transaction, i, body);
        }
        return true;
    });

    private static bool Put(StoreTransaction transaction, int context, byte[] body, string[]? recipients = null)
    {
        AnnouncementTable.Put(transaction.Sql, new StoredAnnouncement
        {
            ContextId = context.ToString("x32", CultureInfo.InvariantCulture),
            Version = transaction.NextVersion(),
            Sender = _sender,
            IssuedNs = 1,
            NotAfterNs = long.MaxValue,
            CertificateHash = Fingerprint.Of("sender"u8).ToString(),
            Envelope = new SignedEnvelope([1], body, [3]),
            Addresses = [new byte[16]],
            Recipients = recipients ?? [_readersKey],
        });
        return true;
    }
}
