using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>Four messages side by side as <see cref="ShortAesGcm.OpenFour"/> takes them, and which are spoilt.</summary>
internal sealed class FourOptions : IDisposable
{
    /// <summary>Bits of a lane's nonce and option.</summary>
    public const int BitsOfLane = 8 * (ShortAesGcm.NonceSize + Pdmv2OptionView.ProtectedSize);

    private readonly ShortAesGcm[] _keys = new ShortAesGcm[ShortAesGcm.LaneCount];
    private readonly byte[] _nonces = new byte[ShortAesGcm.LaneCount * ShortAesGcm.NonceSize];
    private readonly byte[] _options = new byte[ShortAesGcm.LaneCount * Pdmv2OptionView.ProtectedSize];
    private readonly byte[] _plaintexts = new byte[ShortAesGcm.LaneCount * PdmMetrics.Size];
    private int _authentic = 0b1111;

    public FourOptions(Random random, int[] keySizes, bool accelerated)
    {
        for (int lane = 0; lane < ShortAesGcm.LaneCount; lane++)
        {
            Message message = Message.NewOption(random, keySizes[lane]);
            _keys[lane] = ShortAesGcm.Create(message.Key, accelerated);
            message.Nonce.CopyTo(_nonces, lane * ShortAesGcm.NonceSize);
            byte[] option = [.. message.AssociatedData, .. message.Ciphertext, .. message.Tag];
            option.CopyTo(_options, lane * Pdmv2OptionView.ProtectedSize);
            message.Plaintext.CopyTo(_plaintexts, lane * PdmMetrics.Size);
        }
    }

    /// <summary>Flips a bit of a lane; flipping it again mends the lane.</summary>
    public void Flip(int lane, int bit)
    {
        int octet = bit / 8;
        if (octet < ShortAesGcm.NonceSize)
            _nonces[lane * ShortAesGcm.NonceSize + octet] ^= (byte)(1 << bit % 8);
        else
            _options[lane * Pdmv2OptionView.ProtectedSize + octet - ShortAesGcm.NonceSize] ^= (byte)(1 << bit % 8);
        _authentic ^= 1 << lane;
    }

    public void SpoilOneBit(Random random, int lanes)
    {
        for (int lane = 0; lane < ShortAesGcm.LaneCount; lane++)
            if ((lanes >> lane & 1) != 0)
                Flip(lane, random.Next(BitsOfLane));
    }

    public void AssertOpensExactlyTheAuthentic()
    {
        byte[] opened = new byte[_plaintexts.Length];
        Assert.Equal(_authentic, ShortAesGcm.OpenFour(_keys, _nonces, _options, opened));
        for (int lane = 0; lane < ShortAesGcm.LaneCount; lane++)
        {
            Range range = (lane * PdmMetrics.Size)..((lane + 1) * PdmMetrics.Size);
            byte[] expected = (_authentic >> lane & 1) != 0 ? _plaintexts[range] : new byte[PdmMetrics.Size];
            Assert.Equal(expected, opened[range]);
        }
    }

    public void Dispose()
    {
        foreach (ShortAesGcm key in _keys)
            key.Dispose();
    }
}
