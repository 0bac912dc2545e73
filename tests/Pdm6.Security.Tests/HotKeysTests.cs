using Pdm6.Security.Opening;

namespace Pdm6.Security.Tests;

public sealed class HotKeysTests
{
    private static readonly byte[] s_key = new byte[32];

    [Fact]
    public void Get_SlotsThatShareAPlace_DisplaceEachOther()
    {
        using HotKeys keys = new(2);
        keys.Get(0, s_key);
        keys.Get(1, s_key);
        Assert.True(keys.Holds(0));
        Assert.True(keys.Holds(1));
        int changes = keys.Changes;
        keys.Get(0, s_key);
        Assert.Equal(changes, keys.Changes);
        keys.Get(2, s_key);
        Assert.False(keys.Holds(0));
        Assert.True(keys.Holds(1));
        Assert.True(keys.Holds(2));
        Assert.NotEqual(changes, keys.Changes);
    }

    [Fact]
    public void Prefetch_PlaceWithAKeyOrWithout_ChangesNothing()
    {
        using HotKeys keys = new(2);
        keys.Get(0, s_key);
        int changes = keys.Changes;
        keys.Prefetch(0);
        keys.Prefetch(1);
        Assert.Equal((true, false, changes), (keys.Holds(0), keys.Holds(1), keys.Changes));
    }

    [Fact]
    public void Forget_Held_LeavesAKeyThatOpensNothing()
    {
        using HotKeys keys = new(2);
        ShortAesGcm key = keys.Get(0, s_key);
        keys.Forget(2); // shares the place, but is not there
        Assert.True(keys.Holds(0));
        keys.Forget(0);
        Assert.False(keys.Holds(0));
        Assert.Throws<ObjectDisposedException>(() => key.TryOpen(new byte[12], [], [], new byte[16], []));
        Assert.True(keys.Get(0, s_key) == key);
        Assert.False(key.TryOpen(new byte[12], [], [], new byte[16], []));
    }

    [Fact]
    public void Dispose_Held_LeavesKeysThatOpenNothing()
    {
        HotKeys keys = new(2);
        ShortAesGcm key = keys.Get(1, s_key);
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.TryOpen(new byte[12], [], [], new byte[16], []));
    }
}
