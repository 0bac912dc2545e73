using Pdm6.Security;

namespace Pdm6.Bench;

/// <summary>Opening protected options in C#, against OpenSSL and against the platform's own class.</summary>
internal static class OpeningBench
{
    private const int Rounds = 60, Evp = 0, Platform = 1, Four = 3;
    private const double Aim = 5;

    public static void Run()
    {
        if (!ShortAesGcm.IsAccelerated)
            Console.WriteLine("opening: this processor lacks AES-NI or PCLMULQDQ, so ShortAesGcm is AesGcm here.");
        foreach (int keys in (int[])[1, 200_000])
            Run(keys);
    }

    private static void Run(int keys)
    {
        using Openings openings = new(new SealedStream(keys));
        Paired paired = Paired.Run(openings.All, Rounds, TimeSpan.FromSeconds(3));
        Table table = new(keys == 1 ? "one key" : $"{keys:#,0} keys at random", "ns", "as fast as EVP", "as fast as AesGcm");
        for (int i = 0; i < paired.Contenders.Count; i++)
            table.Add(
                paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median),
                Table.Ratio(paired.Ratio(Evp, i)), Table.Ratio(paired.Ratio(Platform, i)));
        table.Print($"opening: {Rounds} rounds of 2,048 options; ratio of rates, in brackets the middle half of the rounds");
        Console.WriteLine($"\nfour interleaved at {Table.Number(paired.Ratio(Evp, Four).Median)} times the rate of the EVP loop (aim: {Aim} or more)");
    }
}
