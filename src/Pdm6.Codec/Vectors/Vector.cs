namespace Pdm6.Codec.Vectors;

/// <summary>One test vector: octets, how they came about, and what decoding them comes to.</summary>
/// <param name="Name">Its name, unique: carriage first.</param>
/// <param name="About">What it is there for, one sentence.</param>
/// <param name="Octets">The octets.</param>
/// <param name="Status">What decoding them comes to.</param>
internal sealed record Vector(string Name, string About, byte[] Octets, DecodeStatus Status)
{
    /// <summary>The pair secret that encoding and decoding are given; null: none.</summary>
    public byte[]? PairSecret { get; init; }

    /// <summary>The raw frame key that encoding and decoding are given; null: none.</summary>
    public byte[]? FrameKey { get; init; }

    /// <summary>The object that encodes to the octets, JSON; null if none does.</summary>
    public string? Encode { get; init; }

    /// <summary>What a line of decode says beside the hex, JSON members; may be empty.</summary>
    public string DecodeWith { get; init; } = "";

    /// <summary>Values on the way from the secrets to the octets, in order of appearance.</summary>
    public IReadOnlyList<(string Name, byte[] Value)> Intermediate { get; init; } = [];

    /// <summary>This vector spoilt: other octets that no object encodes to.</summary>
    public Vector Spoilt(string name, string about, DecodeStatus status, byte[] octets) => this with
    {
        Name = $"{Name}, {name}",
        About = about,
        Octets = octets,
        Status = status,
        Encode = null,
        Intermediate = [],
    };

    /// <summary>The same octets, decoded with other knowledge.</summary>
    public Vector Known(string name, string about, DecodeStatus status, string decodeWith, bool withoutKeys = false) => this with
    {
        Name = $"{Name}, {name}",
        About = about,
        Status = status,
        DecodeWith = decodeWith,
        Encode = null,
        PairSecret = withoutKeys ? null : PairSecret,
        FrameKey = withoutKeys ? null : FrameKey,
        Intermediate = [],
    };

    /// <summary>The octets with one bit flipped.</summary>
    public byte[] WithBitFlipped(Index octet, int bit = 0)
    {
        byte[] flipped = [.. Octets];
        flipped[octet] ^= (byte)(1 << bit);
        return flipped;
    }

    /// <summary>The octets with one replaced.</summary>
    public byte[] With(Index octet, byte value)
    {
        byte[] replaced = [.. Octets];
        replaced[octet] = value;
        return replaced;
    }
}
