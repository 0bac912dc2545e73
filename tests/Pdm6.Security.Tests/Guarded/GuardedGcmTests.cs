using System.Runtime.InteropServices;
using Pdm6.Security.Native;
using Pdm6.Security.Options;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Guarded;

/// <summary>
/// The code that reads and writes memory without the runtime's checks, with every argument directly before or directly
/// behind an inaccessible page: an octet too many is a fault.
/// </summary>
public sealed class GuardedGcmTests
{
    private const int Longest = 66; // four blocks and two octets

    /// <summary>Key size, and whether the octets lie before the back page.</summary>
    public static TheoryData<int, bool> Places => new() { { 16, false }, { 16, true }, { 32, false }, { 32, true } };

    [AcceleratedTheory]
    [MemberData(nameof(Places))]
    public void GeneralPath_EveryLength_StaysInside(int keySize, bool atBack)
    {
        Random random = new(20260101 + keySize);
        for (int size = 0; size <= Longest; size++)
        {
            using GuardedMessage guarded = new(
                Message.NewRandom(random, keySize, random.Next(Longest), size), atBack);
            using GuardedMemory material = new(GcmKeyMaterial.Size, atBack);
            int rounds = GcmKeyMaterial.Write(guarded.Key.Octets, material.Octets);
            AcceleratedGcm.Seal(
                material.Octets, rounds, guarded.Nonce.Octets, guarded.AssociatedData.Octets, guarded.Plaintext.Octets,
                guarded.Text.Octets, guarded.NewTag.Octets);
            AssertEqual(guarded.Message.Ciphertext, guarded.Text);
            AssertEqual(guarded.Message.Tag, guarded.NewTag);
            Assert.True(AcceleratedGcm.TryOpen(
                material.Octets, rounds, guarded.Nonce.Octets, guarded.AssociatedData.Octets, guarded.Ciphertext.Octets,
                guarded.Tag.Octets, guarded.Text.Octets));
            AssertEqual(guarded.Message.Plaintext, guarded.Text);
        }
    }

    [AcceleratedTheory]
    [MemberData(nameof(Places))]
    public void GeneralPath_EveryLengthOfAssociatedData_StaysInside(int keySize, bool atBack)
    {
        Random random = new(20260202 + keySize);
        for (int size = 0; size <= Longest; size++)
        {
            using GuardedMessage guarded = new(Message.NewRandom(random, keySize, size, PdmMetrics.Size), atBack);
            using ShortAesGcm gcm = ShortAesGcm.Create(guarded.Key.Octets);
            AssertOpens(gcm, guarded);
        }
    }

    [AcceleratedTheory]
    [MemberData(nameof(Places))]
    public void ShortPath_RightAndWrongTag_StaysInside(int keySize, bool atBack)
    {
        Random random = new(20260303 + keySize);
        using GuardedMessage guarded = new(Message.NewOption(random, keySize), atBack);
        using ShortAesGcm gcm = ShortAesGcm.Create(guarded.Key.Octets);
        AssertOpens(gcm, guarded);
        guarded.Tag.Octets[15] ^= 1;
        Assert.False(gcm.TryOpen(
            guarded.Nonce.Octets, guarded.AssociatedData.Octets, guarded.Ciphertext.Octets, guarded.Tag.Octets,
            guarded.Text.Octets));
        AssertEqual(new byte[PdmMetrics.Size], guarded.Text);
    }

    [AcceleratedTheory]
    [MemberData(nameof(Places))]
    public void FourLanes_AllGuarded_StayInside(int keySize, bool atBack)
    {
        Random random = new(20260404 + keySize);
        Message message = Message.NewOption(random, keySize);
        byte[] option = [.. message.AssociatedData, .. message.Ciphertext, .. message.Tag];
        using GuardedMemory material = new(GcmKeyMaterial.Size, atBack);
        int rounds = GcmKeyMaterial.Write(message.Key, material.Octets);
        using GuardedMemory nonces = Repeated(message.Nonce, atBack);
        using GuardedMemory options = Repeated(option, atBack);
        using GuardedMemory texts = Repeated(new byte[PdmMetrics.Size], atBack);
        ref byte start = ref MemoryMarshal.GetReference(material.Octets);
        Assert.Equal(0b1111, OptionGcm.OpenFour(
            ref start, ref start, ref start, ref start, rounds, nonces.Octets, options.Octets, texts.Octets));
        for (int lane = 0; lane < ShortAesGcm.LaneCount; lane++)
            Assert.Equal(message.Plaintext, texts.Octets.Slice(lane * PdmMetrics.Size, PdmMetrics.Size).ToArray());
    }

    [AcceleratedTheory]
    [InlineData(16, 11, false)]
    [InlineData(16, 11, true)]
    [InlineData(32, 15, false)]
    [InlineData(32, 15, true)]
    public void KeyExpansion_RoundKeysOnly_StaysInside(int keySize, int roundKeys, bool atBack)
    {
        using GuardedMemory key = new(keySize, atBack);
        using GuardedMemory schedule = new(roundKeys * AesNi.BlockSize, atBack);
        Assert.Equal(roundKeys - 1, AesNi.Expand(key.Octets, ref MemoryMarshal.GetReference(schedule.Octets)));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void OptionKey_BothCarriages_StaysInside(int keySize, bool atBack)
    {
        Suite suite = keySize == 16 ? Suite.Aes128Gcm : Suite.Aes256Gcm;
        FlowKey flow = new(default, default, NextHeader.Udp, 1, 2);
        foreach ((Carriage carriage, int associatedDataSize) in
                 new[] { (Carriage.DestinationOptionV2, 8), (Carriage.UdpOption, 10) })
        {
            using GuardedMemory secret = new(KeyDerivation.SecretSize, atBack);
            using GuardedMemory associatedData = new(associatedDataSize, atBack);
            using GuardedMemory block = new(PdmMetrics.Size, atBack);
            using GuardedMemory text = new(PdmMetrics.Size, atBack);
            using GuardedMemory tag = new(ShortAesGcm.TagSize, atBack);
            block.Octets.Fill(0x5a);
            using OptionKey session =
                OptionKey.FromPairSecret(secret.Octets, suite, 7, ShortAesGcm.IsAccelerated);
            session.Seal(flow, carriage, 1, associatedData.Octets, block.Octets, text.Octets, tag.Octets);
            Assert.True(session.TryOpen(
                flow, carriage, 1, associatedData.Octets, text.Octets, tag.Octets, text.Octets));
            AssertEqual(block.Octets.ToArray(), text);
        }
    }

    private static void AssertOpens(ShortAesGcm gcm, GuardedMessage guarded)
    {
        gcm.Seal(
            guarded.Nonce.Octets, guarded.AssociatedData.Octets, guarded.Plaintext.Octets, guarded.Text.Octets,
            guarded.NewTag.Octets);
        AssertEqual(guarded.Message.Ciphertext, guarded.Text);
        AssertEqual(guarded.Message.Tag, guarded.NewTag);
        Assert.True(gcm.TryOpen(
            guarded.Nonce.Octets, guarded.AssociatedData.Octets, guarded.Ciphertext.Octets, guarded.Tag.Octets,
            guarded.Text.Octets));
        AssertEqual(guarded.Message.Plaintext, guarded.Text);
    }

    private static GuardedMemory Repeated(byte[] octets, bool atBack) =>
        GuardedMemory.Of((byte[])[.. octets, .. octets, .. octets, .. octets], atBack);

    private static void AssertEqual(byte[] expected, GuardedMemory actual) =>
        Assert.Equal(expected, actual.Octets.ToArray());
}
