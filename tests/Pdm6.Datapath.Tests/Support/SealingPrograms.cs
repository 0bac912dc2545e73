using System.Buffers.Binary;
using Pdm6.Datapath.Native;
using Pdm6.Security;

namespace Pdm6.Datapath.Tests;

/// <summary>The sealing code alone, run in the kernel (bpf/sealing.bpf.c): many cases under one key in one system call.</summary>
internal sealed class SealingPrograms : IDisposable
{
    // struct sealing_header and struct sealing_case
    private const int KeyOffset = 24, CaseSize = 72;
    private const int NonceOffset = 0, AcceptedOffset = 12, AssociatedDataOffset = 16, BlockOffset = 24, TagOffset = 40, GivenTagOffset = 56;

    /// <summary>Cases that fit a packet of a test run, which is one page with room for the kernel's own.</summary>
    internal const int CasesPerPacket = 36;

    private readonly BpfObject _programs = TestObjects.Open("sealing.bpf.o");

    internal SealingPrograms() => _programs.Load();

    internal static byte[] Pack(byte[] key)
    {
        byte[] packed = new byte[KernelDatapath.PackedKeySize];
        KernelKey.Pack(Schedule(key), HashKey(key), new byte[12], packed);
        return packed;
    }

    internal static uint[] Schedule(byte[] key)
    {
        uint[] schedule = new uint[AesKeySchedule.WordCount(key.Length)];
        AesKeySchedule.Expand(key, schedule);
        return schedule;
    }

    internal static byte[] HashKey(byte[] key)
    {
        byte[] h = new byte[GhashKey.ElementSize];
        GhashKey.Powers(key, h);
        return h;
    }

    internal SealingResult Seal(byte[] packedKey, SealingCase message) => Run("seal_next", packedKey, [message])[0];

    internal SealingResult Verify(byte[] packedKey, SealingCase message) => Run("verify_next", packedKey, [message])[0];

    internal SealingResult[] Seal(byte[] packedKey, IReadOnlyList<SealingCase> cases) => Run("seal_next", packedKey, cases);

    internal SealingResult[] Verify(byte[] packedKey, IReadOnlyList<SealingCase> cases) => Run("verify_next", packedKey, cases);

    public void Dispose() => _programs.Dispose();

    private SealingResult[] Run(string program, byte[] packedKey, IReadOnlyList<SealingCase> cases)
    {
        Assert.InRange(cases.Count, 1, CasesPerPacket);
        int firstCase = KeyOffset + packedKey.Length;
        byte[] packet = new byte[firstCase + cases.Count * CaseSize];
        packedKey.CopyTo(packet, KeyOffset);
        for (int i = 0; i < cases.Count; i++)
        {
            Span<byte> place = packet.AsSpan(firstCase + i * CaseSize, CaseSize);
            cases[i].Nonce.CopyTo(place[NonceOffset..]);
            cases[i].AssociatedData.CopyTo(place[AssociatedDataOffset..]);
            cases[i].Block.CopyTo(place[BlockOffset..]);
            cases[i].GivenTag.CopyTo(place[GivenTagOffset..]);
        }

        byte[] output = new byte[packet.Length];
        BpfTestRun run = _programs.Program(program).TestRun(packet, output, repeat: cases.Count);

        Assert.Equal(0, run.ReturnValue);
        Assert.Equal(packet.Length, run.OutputLength);
        SealingResult[] results = new SealingResult[cases.Count];
        for (int i = 0; i < results.Length; i++)
        {
            ReadOnlySpan<byte> place = output.AsSpan(firstCase + i * CaseSize, CaseSize);
            results[i] = new SealingResult(
                place.Slice(BlockOffset, 16).ToArray(),
                place.Slice(TagOffset, 16).ToArray(),
                BinaryPrimitives.ReadUInt32LittleEndian(place[AcceptedOffset..]) != 0);
        }
        return results;
    }
}
