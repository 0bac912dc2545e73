namespace Pdm6.Fuzz.Engine;

/// <summary>One decoder under test: what to feed it, and what must hold whatever it is fed.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Names the target, and its folder of <c>fuzz/corpus</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Octets of the longest input.</summary>
    public virtual int LargestInput => 512;

    /// <summary>Its part of a counted run, against those of the others: fast decoders get more.</summary>
    public virtual int Share => 10;

    /// <summary>The decoder promises to allocate nothing: then neither may <see cref="Run"/>.</summary>
    public virtual bool AllocatesNothing => true;

    /// <summary>Well-formed inputs to begin with.</summary>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>Octets that mean something to the decoder.</summary>
    public virtual IReadOnlyList<byte[]> Tokens => [];

    /// <summary>Makes lengths and checksums of a mutated input right again, as far as the target likes, so that mutations
    /// reach what lies behind them.</summary>
    /// <param name="room">The input, and room behind it up to <see cref="LargestInput"/>.</param>
    /// <param name="size">Octets of the input.</param>
    /// <returns>Octets of the input now.</returns>
    public virtual int Repair(Span<byte> room, int size) => size;

    /// <summary>Decodes one input and checks every invariant.</summary>
    /// <exception cref="BrokenInvariantException">One does not hold. Any other exception is the decoder's, and as
    /// bad.</exception>
    public abstract FuzzOutcome Run(ReadOnlySpan<byte> input);
}
