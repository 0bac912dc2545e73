namespace Pdm6.Security.Tests;

[Collection(nameof(ContentionCollection))]
public sealed class UseGateTests
{
    private readonly UseGate _gate;
    private int _erased;

    public UseGateTests() => _gate = new UseGate(() => Interlocked.Increment(ref _erased));

    [Fact]
    public void Close_NobodyInside_ErasesOnce()
    {
        _gate.Enter(this).Dispose();
        Assert.Equal(0, _erased);
        Assert.False(_gate.IsClosed);
        _gate.Close();
        _gate.Close();
        Assert.Equal(1, _erased);
        Assert.True(_gate.IsClosed);
    }

    [Fact]
    public void Close_SomebodyInside_LeavesErasingToTheLast()
    {
        UseGate.Visit first = _gate.Enter(this), second = _gate.Enter(this);
        _gate.Close();
        Assert.Throws<ObjectDisposedException>(Enter);
        first.Dispose();
        Assert.Equal(0, _erased);
        second.Dispose();
        Assert.Equal(1, _erased);
    }

    [Fact]
    public void Enter_Closed_ThrowsEveryTimeAndNamesTheOwner()
    {
        _gate.Close();
        for (int i = 0; i < 3; i++)
            Assert.Equal(GetType().FullName, Assert.Throws<ObjectDisposedException>(Enter).ObjectName);
        Assert.Equal(1, _erased);
    }

    [Fact]
    public void Close_AmongManyUsers_ErasesOnceAndUnderNobody()
    {
        UseGate gate = null!;
        int inside = 0, erased = 0, erasedUnderSomebody = 0;
        void Erase()
        {
            Interlocked.Increment(ref erased);
            erasedUnderSomebody += Volatile.Read(ref inside);
        }
        void UseUntilClosed()
        {
            try
            {
                while (true)
                {
                    using UseGate.Visit visit = gate.Enter(this);
                    Interlocked.Increment(ref inside);
                    Interlocked.Decrement(ref inside);
                }
            }
            catch (ObjectDisposedException)
            {
                Assert.True(gate.IsClosed);
            }
        }
        const int Rounds = 100;
        Contention.Run(Rounds, _ => gate = new UseGate(Erase), [() => gate.Close(), UseUntilClosed, UseUntilClosed]);
        Assert.Equal(Rounds, erased);
        Assert.Equal(0, erasedUnderSomebody);
    }

    private void Enter() => _gate.Enter(this).Dispose();
}
