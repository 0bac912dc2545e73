using Pdm6.Security.Opening;

namespace Pdm6.Security.Tests;

public sealed class SecretTableTests
{
    /// <summary>A key whose hash the test chooses, so that keys meet in one bucket.</summary>
    private readonly record struct Key(int Value, int HashBits)
    {
        public override int GetHashCode() => Value & ((1 << HashBits) - 1);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(16, 2)]
    [InlineData(300, 3)]
    [InlineData(300, 16)]
    [InlineData(2000, 30)]
    public void Table_RandomUse_HoldsWhatAModelHolds(int limit, int hashBits)
    {
        Random random = new(limit * 31 + hashBits);
        Dictionary<int, int> model = []; // slot to key
        using SecretTable<Key, int> table = new(limit, slot => Assert.True(model.Remove(slot)));
        for (int i = 0; i < 30_000; i++)
        {
            Key key = new(random.Next(3 * limit), hashBits);
            uint hash = SecretTable<Key, int>.HashOf(key);
            int slot = table.Find(key, hash);
            Assert.Equal(model.ContainsValue(key.Value), slot >= 0);
            if (slot >= 0)
            {
                Assert.Equal(key.Value, model[slot]);
                Assert.Equal(key.Value + 1, table.At(slot));
            }
            else
            {
                slot = table.Add(key, hash);
                Assert.Equal(0, table.At(slot));
                table.At(slot) = key.Value + 1;
                model.Add(slot, key.Value);
            }
            if (i % 5000 == 4999)
            {
                int residue = random.Next(3);
                table.RemoveWhere(k => k.Value % 3 == residue);
                Assert.DoesNotContain(model.Values, value => value % 3 == residue);
            }
            Assert.Equal(model.Count, table.Count);
            Assert.InRange(table.Count, 0, limit);
        }
    }

    [Fact]
    public void Add_Full_GivesUpWhatWasNotUsedSinceTheHandPassed()
    {
        using SecretTable<Key, int> table = new(4);
        for (int i = 0; i < 5; i++)
            Add(table, i); // the fifth makes the hand go round once and take the first
        Assert.True(Find(table, 1) >= 0);
        Assert.True(Find(table, 3) >= 0);
        Add(table, 5);
        Assert.True(Find(table, 1) >= 0);
        Assert.True(Find(table, 3) >= 0);
        Assert.Equal(-1, Find(table, 0));
        Assert.Equal(-1, Find(table, 2));
    }

    [Fact]
    public void RemoveWhere_Removed_LeavesZeros()
    {
        using SecretTable<Key, int> table = new(4);
        int slot = Add(table, 7);
        ref int value = ref table.At(slot);
        table.RemoveWhere(key => key.Value == 7);
        Assert.Equal(0, value);
    }

    [Fact]
    public void Dispose_Filled_LeavesZeros()
    {
        SecretTable<Key, int> table = new(4);
        ref int value = ref table.At(Add(table, 7));
        table.Dispose();
        Assert.Equal(0, value);
    }

    [Fact]
    public void Grow_ManyEntries_ZeroesTheOldMemory()
    {
        using SecretTable<Key, int> table = new(1000);
        ref int before = ref table.At(Add(table, 7));
        Assert.NotEqual(0, before);
        for (int i = 0; i < 999; i++)
            Add(table, 1000 + i);
        Assert.Equal(0, before);
        Assert.Equal(8, table.At(Find(table, 7)));
    }

    private static int Add(SecretTable<Key, int> table, int value)
    {
        Key key = new(value, 16);
        int slot = table.Add(key, SecretTable<Key, int>.HashOf(key));
        table.At(slot) = value + 1;
        return slot;
    }

    private static int Find(SecretTable<Key, int> table, int value)
    {
        Key key = new(value, 16);
        return table.Find(key, SecretTable<Key, int>.HashOf(key));
    }
}
