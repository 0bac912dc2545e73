using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Datapath.Tests.UdpOptions;

namespace Pdm6.Datapath.Tests;

/// <summary>What does not fit into the ring is lost, and counted to the last record.</summary>
public class RingLossTests
{
    private const int Packets = 2000; // of which a ring of 64 KiB holds a quarter

    [KernelTheory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ingress_NobodyTakesRecords_CountsEachThatIsLost(int rounds)
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        byte[] frame = SealingDatapath.Frame(1000), output = new byte[frame.Length + SealedOption.HeaderSize];
        Assert.Equal(output.Length, datapath.Run(frame, output));
        ObservationSink sink = new();
        long taken = 0;

        for (int round = 1; round <= rounds; round++)
        {
            datapath.Kernel.Program("pdm6_ingress").TestRun(output, repeat: Packets);

            taken += sink.Take(datapath.Kernel).Count;
            long lost = (long)datapath.Kernel.ReadCounters().RingLost;
            Assert.True(lost > 0 && taken > 0, $"{taken} records taken, {lost} lost");
            Assert.Equal((long)round * Packets, taken + lost);
        }
    }
}
