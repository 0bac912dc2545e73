using System.Security.Cryptography;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Security;
using Xunit.Abstractions;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>Each line that keeps the nonce rule, or what a policy asks of flows that are remembered, is needed: with it an
/// attack fails, without it the same one succeeds.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class GuardTests(ITestOutputHelper output)
{
    public static TheoryData<string> Guards => [.. GuardRemoval.All.Select(removal => removal.Name)];

    [KernelTheory]
    [MemberData(nameof(Guards))]
    public void Guard_TakenOut_LetsItsAttackThrough(string guard)
    {
        GuardRemoval removal = GuardRemoval.All.Single(removal => removal.Name == guard);

        string? withGuard = removal.Attack(ProgramVariant.Build(removal.Scenario));
        string? without = removal.Attack(ProgramVariant.Build(removal.Scenario.Concat(removal.Edits)));

        output.WriteLine($"without '{guard}' the attack {without}");
        Assert.Null(withGuard);
        Assert.NotNull(without);
    }

    /// <summary>The agent's guard "incarnation": a key file yields the keys of one life only.</summary>
    [KernelTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Incarnation_NotFreshForEachLife_RepeatsWhatTheFormerLifeUsed(bool fresh)
    {
        byte[] keyFile = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);
        IncarnationId incarnation = IncarnationId.NewRandom();
        using NonceLedger ledger = new();
        for (int life = 0; life < 3; life++)
        {
            if (fresh)
                incarnation = IncarnationId.NewRandom();
            using SealingDatapath datapath = new(
                ProgramVariant.Build(Scenarios.NumbersStartAtZero), newKey: epoch => KeyOf(incarnation, epoch));
            SendingEpoch epoch = datapath.Publish();
            ledger.AddKey(SealingDatapath.Pair, epoch.Epoch, KeyOf(incarnation, epoch.Epoch));
            for (int packet = 0; packet < 4; packet++)
                ledger.Add(datapath.TrySeal(SealingDatapath.Frame(1000))!.Value);
        }

        Assert.Equal((12, fresh ? 0 : 8, 0), (ledger.Options, ledger.Repetitions + ledger.Copies, ledger.Unopened));

        SessionKey KeyOf(IncarnationId incarnation, ushort epoch) =>
            SessionKey.FromKeyFile(keyFile, incarnation, SealingDatapath.Pair, epoch);
    }

    [Fact]
    public void EveryMark_HasItsAttack() =>
        Assert.Equal(GuardRemoval.All.Select(removal => removal.Guard).Distinct().Order(), ProgramSources.GuardNames().Order());

    [Fact]
    public void EveryMarkOfTheAgent_IsOfAGuardThatIsAttackedHere() =>
        Assert.Empty(ProgramSources.GuardNamesOfUserSpace().Except(GuardRemoval.All.Select(removal => removal.Guard)).Except(["incarnation"]));
}
