using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>Counts of the buckets of a <see cref="LatencyHistogram"/>; memory only for powers of two in use.</summary>
internal sealed class OctaveCounts
{
    public const int PartBits = 6;
    public const int PartsPerOctave = 1 << PartBits;
    public const int Octaves = 63 - PartBits + 1;

    /// <summary>The octaves that are in use, in the order in which they came to be.</summary>
    private ulong[] _counts = [];
    /// <summary>The place of each octave among them, from 1; 0 if it is not in use.</summary>
    private Places _places;
    private int _inUse;

    /// <summary>Every bucket that is not empty, rising.</summary>
    public IEnumerable<(int Bucket, ulong Count)> UsedBuckets
    {
        get
        {
            for (int octave = 0; octave < Octaves; octave++)
            {
                if (_places[octave] == 0)
                    continue;
                int first = (_places[octave] - 1) * PartsPerOctave;
                for (int part = 0; part < PartsPerOctave; part++)
                    if (_counts[first + part] != 0)
                        yield return (octave * PartsPerOctave + part, _counts[first + part]);
            }
        }
    }

    /// <summary>See <see cref="LatencyHistogram.Fetch"/>.</summary>
    public ulong Fetch() => (ulong)_inUse + _places[0] + _places[Octaves - 1];

    public ref ulong At(int bucket)
    {
        int place = _places[bucket / PartsPerOctave];
        if (place == 0)
            place = Use(bucket / PartsPerOctave);
        return ref _counts[(place - 1) * PartsPerOctave + bucket % PartsPerOctave];
    }

    public void Add(OctaveCounts other)
    {
        for (int octave = 0; octave < Octaves; octave++)
        {
            if (other._places[octave] == 0)
                continue;
            int place = _places[octave] == 0 ? Use(octave) : _places[octave];
            Span<ulong> own = _counts.AsSpan((place - 1) * PartsPerOctave, PartsPerOctave);
            ReadOnlySpan<ulong> others = other._counts.AsSpan((other._places[octave] - 1) * PartsPerOctave, PartsPerOctave);
            for (int part = 0; part < PartsPerOctave; part++)
                own[part] += others[part];
        }
    }

    /// <summary>The bucket in which the sample of a rank lies; ranks count from 1 and do not exceed the samples.</summary>
    public int BucketOfRank(ulong rank)
    {
        ulong seen = 0;
        for (int octave = 0; octave < Octaves; octave++)
        {
            if (_places[octave] == 0)
                continue;
            int first = (_places[octave] - 1) * PartsPerOctave;
            for (int part = 0; part < PartsPerOctave; part++)
            {
                seen += _counts[first + part];
                if (seen >= rank)
                    return octave * PartsPerOctave + part;
            }
        }
        throw new ArgumentOutOfRangeException(nameof(rank), rank, "There are fewer samples.");
    }

    private int Use(int octave)
    {
        if (_inUse * PartsPerOctave == _counts.Length)
            Array.Resize(ref _counts, Math.Min((_inUse + 1 + _inUse / 2) * PartsPerOctave, Octaves * PartsPerOctave));
        _inUse++;
        _places[octave] = (byte)_inUse;
        return _inUse;
    }

    [InlineArray(Octaves)]
    private struct Places
    {
        private byte _first;
    }
}
