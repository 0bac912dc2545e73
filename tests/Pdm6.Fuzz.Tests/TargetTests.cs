using Pdm6.Fuzz.Engine;
using Pdm6.Fuzz.Targets;

namespace Pdm6.Fuzz.Tests;

/// <summary>Every decoder, fed for its part of a minute; and with every input that was worth keeping.</summary>
public sealed class TargetTests
{
    private const double Seconds = 60;

    private static readonly string[] s_names = [.. AllTargets.Create().Select(target => target.Name)];

    public static TheoryData<string> Names => [.. s_names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoder_MutatedInputs_KeepsEveryPromise(string name)
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        using Laboratory laboratory = new();
        using Fuzzer fuzzer = laboratory.Fuzzer(Target(name), seed);

        FuzzReport report = fuzzer.Run(long.MaxValue, TimeSpan.FromSeconds(Seconds / s_names.Length));

        Assert.True(report.Failure is null,
            $"fuzz/run --target {name} --seed {seed}: input {report.Failure?.Position} fails: "
            + $"{Convert.ToHexStringLower(report.Failure?.Input ?? [])}: {report.Failure?.Thrown}");
        Assert.True(report.Inputs > 1000 && report.Accepted > 0, $"{report.Inputs} inputs, {report.Accepted} accepted");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoder_SeedsAndCorpus_KeepsEveryPromise(string name)
    {
        FuzzTarget target = Target(name);
        int accepted = 0;
        foreach (byte[] input in target.Seeds.Concat(Laboratory.Corpus.Load(name)))
        {
            using GuardedMemory memory = new(Math.Max(1, input.Length));
            Span<byte> place = memory.AtEnd(input.Length);
            input.CopyTo(place);
            if (target.Run(place).IsAccepted)
                accepted++;
        }
        Assert.True(accepted > 0, "no seed is accepted: mutations would stay at the door");
    }

    [Fact]
    public void Corpus_EveryFolder_IsThatOfATarget() => Assert.Equal(
        s_names.Order(), Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "corpus")).Select(path => Path.GetFileName(path)).Order());

    private static FuzzTarget Target(string name) => AllTargets.Create().Single(target => target.Name == name);
}
