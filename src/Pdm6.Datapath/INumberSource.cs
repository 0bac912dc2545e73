namespace Pdm6.Datapath;

/// <summary>Makes what is needed to seal the numbers of one flow under one key (bpf/pdm6_lane.h).</summary>
public interface INumberSource : IDisposable
{
    /// <summary>Octets of what is prepared for one number: 16 of keystream, 16 of tag mask.</summary>
    const int NumberSize = 32;

    /// <summary>Octets of the products.</summary>
    const int ProductsSize = 32 * 16 * 16;

    /// <summary>Writes the products of every half octet of a ciphertext with H squared: 32 places of 16 values of 16
    /// octets. Place 2 i is the low half of octet i, place 2 i + 1 its high half.</summary>
    /// <param name="products">Receives <see cref="ProductsSize"/> octets.</param>
    void WriteProducts(Span<byte> products);

    /// <summary>Writes keystream and tag mask of consecutive numbers.</summary>
    /// <param name="firstPsntp">The first number.</param>
    /// <param name="numbers">Receives <see cref="NumberSize"/> octets a number.</param>
    void WriteNumbers(uint firstPsntp, Span<byte> numbers);
}
