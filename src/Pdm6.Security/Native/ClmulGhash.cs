using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pdm6.Security.Native;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) with carry-less multiplication. An element is held as the octet-reversed block,
/// whose bits then stand for the coefficients from x^127 down to x^0. The product of two such numbers comes out one bit
/// too low; that bit is made good in advance, in the multiplier (<see cref="Multiplier"/>).
/// </summary>
internal static class ClmulGhash
{
    public static bool IsSupported => Pclmulqdq.IsSupported;

    // x^127 + x^126 + x^121 + 1, the field polynomial as it appears in this order of bits.
    private const ulong FieldHigh = 0xc200000000000000;

    /// <summary>A product before reduction, as the sum of its three overlapping parts.</summary>
    internal struct Product
    {
        public Vector128<ulong> Low;
        public Vector128<ulong> Middle;
        public Vector128<ulong> High;
    }

    /// <summary>Element of a block and block of an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reverse(Vector128<byte> block) => Vector128.Shuffle(
        block, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>The form in which an element is multiplied with: times x, in the field.</summary>
    public static Vector128<ulong> Multiplier(Vector128<ulong> element)
    {
        Vector128<ulong> carries = Vector128.ShiftRightLogical(element, 63);
        Vector128<ulong> shifted = Vector128.ShiftLeft(element, 1) | Vector128.Create(0UL, carries.GetElement(0));
        ulong overflow = 0UL - carries.GetElement(1);
        return shifted ^ (Vector128.Create(1UL, FieldHigh) & Vector128.Create(overflow));
    }

    /// <summary>Element times multiplier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Multiply(Vector128<ulong> element, Vector128<ulong> multiplier)
    {
        Product product = default;
        Accumulate(ref product, element, multiplier);
        return Reduce(product);
    }

    /// <summary>Adds element times multiplier to a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Product product, Vector128<ulong> element, Vector128<ulong> multiplier)
    {
        product.Low ^= Pclmulqdq.CarrylessMultiply(element, multiplier, 0x00);
        product.Middle ^= Pclmulqdq.CarrylessMultiply(element, multiplier, 0x01)
            ^ Pclmulqdq.CarrylessMultiply(element, multiplier, 0x10);
        product.High ^= Pclmulqdq.CarrylessMultiply(element, multiplier, 0x11);
    }

    /// <summary>The product of a block of which only the first eight octets are not 0, given in the high half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Product MultiplyHalf(Vector128<ulong> element, Vector128<ulong> multiplier) => new()
    {
        Middle = Pclmulqdq.CarrylessMultiply(element, multiplier, 0x01),
        High = Pclmulqdq.CarrylessMultiply(element, multiplier, 0x11),
    };

    /// <summary>The element that a product stands for: two folds by the field polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Product product)
    {
        Vector128<ulong> field = Vector128.CreateScalar(FieldHigh);
        Vector128<ulong> low = product.Low
            ^ Sse2.ShiftLeftLogical128BitLane(product.Middle, 8);
        Vector128<ulong> high = product.High
            ^ Sse2.ShiftRightLogical128BitLane(product.Middle, 8);
        low = SwapHalves(low) ^ Pclmulqdq.CarrylessMultiply(low, field, 0x00);
        low = SwapHalves(low) ^ Pclmulqdq.CarrylessMultiply(low, field, 0x00);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SwapHalves(Vector128<ulong> value) =>
        Sse2.Shuffle(value.AsUInt32(), 0b01_00_11_10).AsUInt64();
}
