using System.Diagnostics;

namespace Pdm6.Bench;

/// <summary>
/// Compares ways of doing one thing on a machine that is never quiet and changes its speed. All contenders run in short
/// windows, one after the other, there and back again (A B C, C B A, ...); a ratio is taken inside each round, where
/// both sides met the same machine, and the median over all rounds is what counts. How fast the machine was meanwhile is
/// printed beside it.
/// </summary>
internal sealed class Paired
{
    private readonly double[][] _ns; // by contender, by round

    private Paired(IReadOnlyList<Contender> contenders, double[][] ns) => (Contenders, _ns) = (contenders, ns);

    public IReadOnlyList<Contender> Contenders { get; }

    /// <param name="contenders">Two or more.</param>
    /// <param name="rounds">Windows of each that count.</param>
    /// <param name="warmUp">How long windows are run that do not count: compilers, caches and flows settle.</param>
    public static Paired Run(IReadOnlyList<Contender> contenders, int rounds, TimeSpan warmUp)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            foreach (Contender contender in contenders)
                contender.MeasureNs();
        }
        while (Stopwatch.GetElapsedTime(start) < warmUp);

        ProcessorSpeed speed = new();
        double[][] ns = [.. contenders.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int turn = 0; turn < ns.Length; turn++)
            {
                int contender = round % 2 == 0 ? turn : ns.Length - 1 - turn;
                speed.Sample();
                ns[contender][round] = contenders[contender].MeasureNs();
            }
        Console.WriteLine($"\n{speed}");
        return new Paired(contenders, ns);
    }

    /// <summary>Nanoseconds for one item. For orientation.</summary>
    public Spread Ns(int contender) => Spread.Of(_ns[contender]);

    /// <summary>Nanoseconds of one contender over those of another, round by round.</summary>
    public Spread Ratio(int contender, int to) => Spread.Of(_ns[contender].Zip(_ns[to], (own, other) => own / other));
}
