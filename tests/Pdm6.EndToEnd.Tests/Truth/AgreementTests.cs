namespace Pdm6.EndToEnd.Tests.Truth;

/// <summary>What options say of time is what captures on both hosts say of the same packets, 95 % within 100 us.</summary>
public class AgreementTests
{
    [RootTheory]
    [InlineData("20")]
    [InlineData("0")]
    public async Task RoundTripAndServerDelay_DelayEachWay_AgreeWithCapturesOnBothHosts(string milliseconds)
    {
        using KeptDemo demo = await KeptDemo.RunAsync("--seconds", "8", "--delay", milliseconds);
        await demo.RequireAgreementAsync("agree.py");
    }

    [LongFact]
    public async Task Demo_BeyondOneEpoch_EveryNumberIsTrue()
    {
        using KeptDemo demo = await KeptDemo.RunAsync("--seconds", "150");
        await demo.RequireAgreementAsync("recount.py");
        await demo.RequireAgreementAsync("agree.py");
    }
}
