using Pdm6.Measurement.Tests.Scenario;

namespace Pdm6.Measurement.Tests;

public class PairLossTableTests
{
    private static PairLossKey Key(long epoch = 0, ulong context = 1, int tag = 1) =>
        new(context, epoch, Flows.Dns.Source, Flows.Dns.Destination, tag);

    private static void Count(PairLossTable table, PairLossKey key, int times)
    {
        for (int i = 0; i < times; i++)
            table.CountDistinct(key);
    }

    [Fact]
    public void Lost_SentAndNotObserved_IsTheDifference()
    {
        PairLossTable table = new();
        Count(table, Key(), 7);
        table.ReportSent(Key(), 10);
        Assert.Equal(new PairLoss(10, 7, 3, 0), table.Of(1));
        Assert.Equal(default, table.Of(2));
    }

    [Fact]
    public void Lost_ReportIsBehind_IsNeverNegativeAndHidesNothingOfOthers()
    {
        PairLossTable table = new();
        Count(table, Key(), 7);
        table.ReportSent(Key(epoch: 1), 4);
        Assert.Equal(new PairLoss(4, 7, 4, 7), table.Of(1));
    }

    [Fact]
    public void Sent_ReportsOutOfOrder_TheGreatestCounts()
    {
        PairLossTable table = new();
        foreach (ulong report in (ulong[])[5, 12, 9, 12])
            table.ReportSent(Key(), report);
        Assert.Equal(12ul, table.Of(1).Sent);
    }

    [Fact]
    public void Settle_EarlierEpochs_KeepTheirTotalsAndTakeNothingMore()
    {
        PairLossTable table = new();
        Count(table, Key(epoch: 3), 8);
        table.ReportSent(Key(epoch: 3), 10);
        table.ReportSent(Key(epoch: 4), 5);
        table.ReportSent(Key(epoch: 3, context: 2), 1);

        table.Settle(context: 1, epochIndex: 4);
        table.ReportSent(Key(epoch: 3), 99);
        table.CountDistinct(Key(epoch: 2));
        Assert.Equal((16ul, 8ul, 8ul), (table.Of(1).Sent, table.Of(1).Distinct, table.Of(1).Lost));
        Assert.Equal(2ul, table.TooLate);

        Count(table, Key(epoch: 4), 5);
        table.CountDistinct(Key(epoch: 3, context: 2));
        Assert.Equal(2ul, table.Of(1).Lost);
    }

    [Fact]
    public void Settle_WholeContextThenAnEarlierEpoch_StaysSettled()
    {
        PairLossTable table = new();
        table.ReportSent(Key(epoch: 9), 1);
        table.Settle(1, long.MaxValue);
        table.Settle(1, 5);
        table.ReportSent(Key(epoch: 10), 1);
        Assert.Equal((1ul, 1ul), (table.Of(1).Sent, table.TooLate));
    }

    [Fact]
    public void Table_Full_RefusesNewKeysAndCountsThem()
    {
        PairLossTable table = new(maxKeys: 2);
        for (int epoch = 0; epoch < 4; epoch++)
            table.CountDistinct(Key(epoch));
        table.CountDistinct(Key(0));
        Assert.Equal((3ul, 2ul), (table.Of(1).Distinct, table.Refused));
    }
}
