using System.Globalization;

namespace Pdm6.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        usage: fuzz/run [--inputs N | --seconds S] [--seed X] [--target NAME]... [--grow] [--artifacts DIR]
               fuzz/run --replay FILE --target NAME
               fuzz/run --list
          --inputs N    N mutated inputs, shared between the targets
          --seconds S   so many seconds, shared between the targets (60 unless told)
          --longest-input S  a decoder that takes longer than S seconds hangs (20 unless told)
          --seed X      decides every input; a random one is taken, and printed, unless told
          --target NAME this target only; may be given several times
          --grow        adds inputs that reached something new to fuzz/corpus
          --replay FILE runs one input again
        """;

    public long? Inputs { get; private init; }
    public int Seconds { get; private init; } = 60;
    public ulong? Seed { get; private init; }
    public IReadOnlyList<string> Targets { get; private init; } = [];
    public bool Grow { get; private init; }
    public bool List { get; private init; }
    public string? Replay { get; private init; }
    public string Corpus { get; private init; } = "fuzz/corpus";
    public string Artifacts { get; private init; } = "fuzz/artifacts";
    public int LongestInputSeconds { get; private init; } = 20;
    /// <summary>For <c>fuzz/run</c>, after a process that died.</summary>
    public bool Recover { get; private init; }
    /// <summary>For the tests of the fuzzer itself: targets with a fault.</summary>
    public bool Planted { get; private init; }

    /// <summary>Reads the command line; null if it makes no sense.</summary>
    public static Options? Read(string[] arguments)
    {
        Options options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            Options? next = arguments[i] switch
            {
                "--grow" => options with { Grow = true },
                "--list" => options with { List = true },
                "--recover" => options with { Recover = true },
                "--planted" => options with { Planted = true },
                _ when value is null => null,
                "--inputs" when TryRead(value, out long inputs) => options with { Inputs = inputs },
                "--seconds" when TryRead(value, out int seconds) => options with { Seconds = seconds },
                "--longest-input" when TryRead(value, out int seconds) => options with { LongestInputSeconds = seconds },
                "--seed" when TryRead(value, out ulong seed) => options with { Seed = seed },
                "--target" => options with { Targets = [.. options.Targets, value] },
                "--replay" => options with { Replay = value },
                "--corpus" => options with { Corpus = value },
                "--artifacts" => options with { Artifacts = value },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
            i += arguments[i] is "--grow" or "--list" or "--recover" or "--planted" ? 0 : 1;
        }
        return options;
    }

    private static bool TryRead<T>(string text, out T value) where T : ISpanParsable<T>, IComparable<T>, new() =>
        T.TryParse(text, CultureInfo.InvariantCulture, out value!) && value.CompareTo(new T()) >= 0;
}
