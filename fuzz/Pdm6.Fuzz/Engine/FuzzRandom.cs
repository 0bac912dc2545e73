namespace Pdm6.Fuzz.Engine;

/// <summary>Random numbers that one seed decides for ever: SplitMix64 (Steele, Lea, Flood 2014).</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for each target of a run.</summary>
    public static FuzzRandom For(ulong seed, string target)
    {
        ulong mixed = seed;
        foreach (char letter in target)
            mixed = new FuzzRandom(mixed ^ letter).Next();
        return new FuzzRandom(mixed);
    }

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        ulong value = _state;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="end"/>, which is not 0.</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);

    public bool OneIn(int chances) => Below(chances) == 0;

    public byte Octet() => (byte)(Next() >> 56);
}
