using System.Security.Cryptography;

namespace Pdm6.Security.Tests;

/// <summary>
/// ML-KEM-768 straight from FIPS 203, section by section, neither fast nor in constant time. With it the tests run what
/// pdm6 builds on ML-KEM where the platform has none; Wycheproof's vectors say that it is right.
/// </summary>
internal sealed class TextbookMlKem768 : MLKem
{
    private const int Rank = 3, CompressedU = 10, CompressedV = 4;
    private const int PolynomialOctets = 384, VectorOctets = Rank * PolynomialOctets;

    private readonly byte[] _encapsulationKey;
    private readonly byte[] _decryptionKey = [];
    private readonly byte[] _rejection = [];

    /// <summary>ML-KEM.KeyGen_internal (algorithms 13 and 16).</summary>
    private TextbookMlKem768(ReadOnlySpan<byte> d, byte[] z)
        : base(MLKemAlgorithm.MLKem768)
    {
        byte[] seeds = SHA3_512.HashData([.. d, Rank]);
        byte[] rho = seeds[..32], sigma = seeds[32..];
        int[][] secret = [.. Enumerable.Range(0, Rank).Select(i => Polynomial.Transform(Noise(sigma, i)))];
        int[][] error = [.. Enumerable.Range(Rank, Rank).Select(i => Polynomial.Transform(Noise(sigma, i)))];
        int[][] sum = [.. Enumerable.Range(0, Rank).Select(row => Enumerable.Range(0, Rank).Aggregate(
            error[row], (total, column) => Polynomial.Add(total, Polynomial.Multiply(Matrix(rho, row, column), secret[column]))))];
        _encapsulationKey = [.. sum.SelectMany(p => Polynomial.Encode(p, 12)), .. rho];
        _decryptionKey = [.. secret.SelectMany(p => Polynomial.Encode(p, 12))];
        _rejection = z;
    }

    private TextbookMlKem768(byte[] encapsulationKey)
        : base(MLKemAlgorithm.MLKem768) => _encapsulationKey = encapsulationKey;

    public static TextbookMlKem768 FromSeed(ReadOnlySpan<byte> seed) => seed.Length == 64
        ? new TextbookMlKem768(seed[..32], seed[32..].ToArray())
        : throw new ArgumentException("A seed has 64 octets.", nameof(seed));

    /// <summary>With the check of section 7.2.</summary>
    public static TextbookMlKem768 FromEncapsulationKey(ReadOnlySpan<byte> octets)
    {
        byte[] vector = octets[..VectorOctets].ToArray();
        if (!Decode(vector).SelectMany(p => Polynomial.Encode(p, 12)).SequenceEqual(vector))
            throw new CryptographicException("Not an encapsulation key: a coefficient is not below q.");
        return new TextbookMlKem768(octets.ToArray());
    }

    /// <summary>Algorithms 17 and 20.</summary>
    protected override void EncapsulateCore(Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        byte[] message = RandomNumberGenerator.GetBytes(32);
        byte[] keys = SHA3_512.HashData([.. message, .. SHA3_256.HashData(_encapsulationKey)]);
        Encrypt(message, keys[32..]).CopyTo(ciphertext);
        keys.AsSpan(0, 32).CopyTo(sharedSecret);
    }

    /// <summary>Algorithms 18 and 21.</summary>
    protected override void DecapsulateCore(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        byte[] received = ciphertext.ToArray();
        byte[] message = Decrypt(received);
        byte[] keys = SHA3_512.HashData([.. message, .. SHA3_256.HashData(_encapsulationKey)]);
        byte[] secret = Encrypt(message, keys[32..]).SequenceEqual(received)
            ? keys[..32] : Shake256.HashData([.. _rejection, .. received], 32);
        secret.CopyTo(sharedSecret);
    }

    protected override void ExportEncapsulationKeyCore(Span<byte> destination) => _encapsulationKey.CopyTo(destination);

    protected override void ExportDecapsulationKeyCore(Span<byte> destination) => throw new NotSupportedException();

    protected override void ExportPrivateSeedCore(Span<byte> destination) => throw new NotSupportedException();

    protected override bool TryExportPkcs8PrivateKeyCore(Span<byte> destination, out int bytesWritten) =>
        throw new NotSupportedException();

    /// <summary>K-PKE.Encrypt (algorithm 14).</summary>
    private byte[] Encrypt(byte[] message, byte[] randomness)
    {
        int[][] sum = Decode(_encapsulationKey[..VectorOctets]);
        byte[] rho = _encapsulationKey[VectorOctets..];
        int[][] secret = [.. Enumerable.Range(0, Rank).Select(i => Polynomial.Transform(Noise(randomness, i)))];
        int[][] u = [.. Enumerable.Range(0, Rank).Select(row => Polynomial.Add(
            Noise(randomness, Rank + row),
            Polynomial.TransformBack(Inner(Enumerable.Range(0, Rank).Select(column => Matrix(rho, column, row)), secret))))];
        int[] text = Polynomial.Decompress(Polynomial.Decode(message, 1), 1);
        int[] v = Polynomial.Add(
            Polynomial.Add(Polynomial.TransformBack(Inner(sum, secret)), Noise(randomness, 2 * Rank)), text);
        return
        [
            .. u.SelectMany(p => Polynomial.Encode(Polynomial.Compress(p, CompressedU), CompressedU)),
            .. Polynomial.Encode(Polynomial.Compress(v, CompressedV), CompressedV),
        ];
    }

    /// <summary>K-PKE.Decrypt (algorithm 15).</summary>
    private byte[] Decrypt(byte[] ciphertext)
    {
        const int size = 32 * CompressedU;
        IEnumerable<int[]> u = Enumerable.Range(0, Rank).Select(i => Polynomial.Transform(Polynomial.Decompress(
            Polynomial.Decode(ciphertext[(size * i)..(size * (i + 1))], CompressedU), CompressedU)));
        int[] v = Polynomial.Decompress(Polynomial.Decode(ciphertext[(size * Rank)..], CompressedV), CompressedV);
        int[] text = Polynomial.Subtract(v, Polynomial.TransformBack(Inner(u, Decode(_decryptionKey))));
        return Polynomial.Encode(Polynomial.Compress(text, 1), 1);
    }

    private static int[] Inner(IEnumerable<int[]> left, IEnumerable<int[]> right) =>
        left.Zip(right, Polynomial.Multiply).Aggregate(Polynomial.Add);

    private static int[][] Decode(byte[] vector) => [.. vector.Chunk(PolynomialOctets).Select(p => Polynomial.Decode(p, 12))];

    private static int[] Matrix(byte[] rho, int row, int column) => Polynomial.SampleUniform([.. rho, (byte)column, (byte)row]);

    private static int[] Noise(byte[] seed, int counter) =>
        Polynomial.SampleBinomial(Shake256.HashData([.. seed, (byte)counter], 128));

    /// <summary>Polynomials of 256 coefficients modulo 3329, and their number-theoretic transform (section 4).</summary>
    private static class Polynomial
    {
        private const int Modulus = 3329, Length = 256;

        private static readonly int[] s_roots = [.. Enumerable.Range(0, 128).Select(i => Power(17, Reversed(i)))];
        private static readonly int[] s_oddRoots =
            [.. Enumerable.Range(0, 128).Select(i => Power(17, 2 * Reversed(i) + 1))];

        public static int[] Add(int[] left, int[] right) => [.. left.Zip(right, (a, b) => (a + b) % Modulus)];

        public static int[] Subtract(int[] left, int[] right) => [.. left.Zip(right, (a, b) => (a - b + Modulus) % Modulus)];

        /// <summary>Algorithm 9.</summary>
        public static int[] Transform(int[] polynomial)
        {
            int[] f = [.. polynomial];
            int root = 1;
            for (int half = 128; half >= 2; half /= 2)
                for (int start = 0; start < Length; start += 2 * half, root++)
                    for (int j = start; j < start + half; j++)
                    {
                        int turned = s_roots[root] * f[j + half] % Modulus;
                        f[j + half] = (f[j] - turned + Modulus) % Modulus;
                        f[j] = (f[j] + turned) % Modulus;
                    }
            return f;
        }

        /// <summary>Algorithm 10.</summary>
        public static int[] TransformBack(int[] transformed)
        {
            int[] f = [.. transformed];
            int root = 127;
            for (int half = 2; half <= 128; half *= 2)
                for (int start = 0; start < Length; start += 2 * half, root--)
                    for (int j = start; j < start + half; j++)
                    {
                        int first = f[j];
                        f[j] = (first + f[j + half]) % Modulus;
                        f[j + half] = s_roots[root] * (f[j + half] - first + Modulus) % Modulus;
                    }
            return [.. f.Select(c => c * 3303 % Modulus)];
        }

        /// <summary>Algorithms 11 and 12: pairs of coefficients, each modulo X^2 - an odd power of 17.</summary>
        public static int[] Multiply(int[] left, int[] right)
        {
            int[] product = new int[Length];
            for (int i = 0; i < Length; i += 2)
            {
                int root = s_oddRoots[i / 2];
                product[i] = (left[i] * right[i] + left[i + 1] * right[i + 1] % Modulus * root) % Modulus;
                product[i + 1] = (left[i] * right[i + 1] + left[i + 1] * right[i]) % Modulus;
            }
            return product;
        }

        /// <summary>Algorithm 7.</summary>
        public static int[] SampleUniform(byte[] seed)
        {
            // A stream in the standard; the platform's is whole only, so more is taken than any seed was seen to need.
            int[] coefficients =
            [
                .. Shake128.HashData(seed, 3 * 1024).Chunk(3)
                    .SelectMany(o => new[] { o[0] | (o[1] & 15) << 8, o[1] >> 4 | o[2] << 4 })
                    .Where(candidate => candidate < Modulus).Take(Length),
            ];
            return coefficients.Length == Length ? coefficients : throw new CryptographicException("An unlucky seed.");
        }

        /// <summary>Algorithm 8 with eta = 2.</summary>
        public static int[] SampleBinomial(byte[] octets)
        {
            int[] bits = Decode(octets, 1, 4 * Length);
            return [.. bits.Chunk(4).Select(b => (b[0] + b[1] - b[2] - b[3] + Modulus) % Modulus)];
        }

        /// <summary>Section 4.2.1.</summary>
        public static int[] Compress(int[] polynomial, int bits) =>
            [.. polynomial.Select(c => ((c << bits) + Modulus / 2) / Modulus % (1 << bits))];

        public static int[] Decompress(int[] polynomial, int bits) =>
            [.. polynomial.Select(c => (c * Modulus + (1 << (bits - 1))) >> bits)];

        /// <summary>Algorithm 5.</summary>
        public static byte[] Encode(int[] polynomial, int bits)
        {
            byte[] octets = new byte[32 * bits];
            for (int i = 0; i < Length * bits; i++)
                octets[i / 8] |= (byte)((polynomial[i / bits] >> (i % bits) & 1) << (i % 8));
            return octets;
        }

        /// <summary>Algorithm 6.</summary>
        public static int[] Decode(byte[] octets, int bits, int length = Length)
        {
            int[] values = new int[length];
            for (int i = 0; i < length * bits; i++)
                values[i / bits] |= (octets[i / 8] >> (i % 8) & 1) << (i % bits);
            return bits == 12 ? [.. values.Select(value => value % Modulus)] : values;
        }

        private static int Power(int number, int exponent) =>
            Enumerable.Repeat(number, exponent).Aggregate(1, (product, factor) => product * factor % Modulus);

        private static int Reversed(int sevenBits) =>
            Enumerable.Range(0, 7).Aggregate(0, (result, bit) => result | (sevenBits >> bit & 1) << (6 - bit));
    }
}
