using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath.Tests.Guards;
using Xunit.Abstractions;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The nonce rule with programs attached to interfaces, and options collected from the wire.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class WireTests(ITestOutputHelper output)
{
    private const int Port = 53;
    private const string Address = "2001:db8::1", PeerAddress = "2001:db8::2";

    [KernelFact]
    public void TwoInterfaces_OneFlowOnBothAtOnce_SharesItsNumbers() => OwnNamespace.Run(() =>
    {
        const int packetsEach = 30_000;
        int firstIndex = OwnNamespace.AddVethPair("pdm6a", "pdm6b"), secondIndex = OwnNamespace.AddVethPair("pdm6c", "pdm6d");
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        datapath.Kernel.Attach(firstIndex);
        datapath.Kernel.Attach(secondIndex);
        using RawInterface firstWire = RawInterface.OpenCapture("pdm6b"), secondWire = RawInterface.OpenCapture("pdm6d");

        Processors.RunAtOnce(() => Send("pdm6a"), () => Send("pdm6c"));

        List<SealedOption> first = firstWire.ReadSealed(), second = secondWire.ReadSealed();
        Assert.Equal((packetsEach, packetsEach), (first.Count, second.Count));
        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(2 * packetsEach);
        Assert.Single(first.Concat(second).Select(option => option.Flow).Distinct());
        output.WriteLine(datapath.Ledger.ToString());

        void Send(string name)
        {
            using RawInterface wire = RawInterface.OpenSender(name);
            byte[] frame = SealingDatapath.Frame(1000);
            for (int i = 0; i < packetsEach; i++)
                wire.Send(frame);
        }
    });

    [KernelFact]
    public void OneSocket_TwoProcessors_EpochsChange_NoNonceTwice() => OwnNamespace.Run(() =>
    {
        const int packetsEach = 30_000, epochs = 30;
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero));
        datapath.Publish();
        using RawInterface wire = ConnectHost(datapath);
        using Socket socket = OpenSocket(40_000);

        Thread publisher = new(() =>
        {
            for (int i = 1; i < epochs; i++)
                datapath.Publish();
        });
        publisher.Start();
        Processors.RunAtOnce(Send, Send);
        publisher.Join();

        List<SealedOption> options = wire.ReadSealed();
        datapath.Ledger.Add(options);
        // Between its look at the epoch and the flow's lock a packet may be overtaken by an epoch: then it stays clear.
        Assert.Equal(2 * packetsEach, options.Count + (int)datapath.Count(PacketOutcome.FlowBusy));
        datapath.Ledger.AssertSound(options.Count);
        output.WriteLine(datapath.Ledger.ToString());

        void Send()
        {
            for (int i = 0; i < packetsEach; i++)
                socket.Send("pdm6"u8);
        }
    });

    [KernelFact]
    public void PortUsedAgainInsideAnEpoch_NumbersGoOn() => OwnNamespace.Run(() =>
    {
        const int lives = 300, packets = 3;
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero));
        datapath.Publish();
        using RawInterface wire = ConnectHost(datapath);

        for (int i = 0; i < lives; i++)
        {
            using Socket socket = OpenSocket(40_000);
            for (int packet = 0; packet < packets; packet++)
                socket.Send("pdm6"u8);
            datapath.SweepByTheRule();
        }

        List<SealedOption> options = wire.ReadSealed();
        datapath.Ledger.Add(options);
        datapath.Ledger.AssertSound(lives * packets);
        Assert.Equal(Enumerable.Range(0, lives * packets).Select(i => (uint)i), options.Select(option => option.Psntp));
    });

    [KernelFact]
    public void TestRunsBesideTraffic_OnOneProcessor_DoNotMixTheirWork() => OwnNamespace.Run(() =>
    {
        const int packetsEach = 20_000;
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        datapath.Kernel.Attach(index);
        using RawInterface wire = RawInterface.OpenCapture("pdm6b");
        List<SealedOption> tested = new(packetsEach);

        // The working memory of the programs is one for each processor: whoever came between would seal with another's nonce.
        Processors.RunOnOne(
            () =>
            {
                byte[] frame = SealingDatapath.Frame(1000);
                for (int i = 0; i < packetsEach; i++)
                    tested.Add(datapath.TrySeal(frame)!.Value);
            },
            () =>
            {
                using RawInterface sender = RawInterface.OpenSender("pdm6a");
                byte[] frame = SealingDatapath.Frame(2000);
                for (int i = 0; i < packetsEach; i++)
                    sender.Send(frame);
            });

        datapath.Ledger.Add(tested.Concat(wire.ReadSealed()));
        datapath.Ledger.AssertSound(2 * packetsEach);
    });

    // One host with the programs on its only interface, and a wire behind it that keeps all options.
    private static RawInterface ConnectHost(SealingDatapath datapath)
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        OwnNamespace.Execute("ip", "address", "add", $"{Address}/64", "dev", "pdm6a", "nodad");
        OwnNamespace.Execute("ip", "neighbour", "add", PeerAddress, "lladdr", "02:00:00:00:00:02", "dev", "pdm6a", "nud", "permanent");
        datapath.Kernel.Attach(index);
        return RawInterface.OpenCapture("pdm6b");
    }

    private static Socket OpenSocket(int localPort)
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(Address), localPort));
        socket.Connect(new IPEndPoint(IPAddress.Parse(PeerAddress), Port));
        return socket;
    }
}
