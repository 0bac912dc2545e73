using System.Diagnostics;
using Pdm6.Datapath;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>
/// Two namespaces joined by veth, a socket that sends in one and a socket that takes in the other. On veth the sending
/// thread carries a packet all the way into the other socket, so one thread and one processor do everything.
/// </summary>
internal sealed class UdpPath : IDisposable
{
    private const string Interface = "bench0";
    private const int PrefixLength = 64, BatchesInWindow = 100, MostSpoiltBatches = 20_000;

    private readonly NetworkNamespace _sender, _receiver;
    private readonly MessageSocket _source, _sink;

    public UdpPath()
    {
        // No laboratory of one process counts this far.
        _sender = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, byte.MaxValue, "sender"));
        try
        {
            _receiver = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, byte.MaxValue, "receiver"));
        }
        catch
        {
            _sender.Dispose();
            throw;
        }
        VethPair link = VethPair.Create(new LinkEnd(_sender, Interface), new LinkEnd(_receiver, Interface));
        Address(link.First, Frames.Pair.Source, Frames.Pair.Destination, link.Second);
        Address(link.Second, Frames.Pair.Destination, Frames.Pair.Source, link.First);
        SenderInterface = _sender.Within(() => HostInterface.Find(Interface)!.Index);
        ReceiverInterface = _receiver.Within(() => HostInterface.Find(Interface)!.Index);
        _source = _sender.Within(() => new MessageSocket(
            Frames.EndPoint(Frames.Pair.Source, Frames.ClientPort), Frames.EndPoint(Frames.Pair.Destination, Frames.SelectedPort), Frames.PayloadSize));
        _sink = _receiver.Within(() => new MessageSocket(
            Frames.EndPoint(Frames.Pair.Destination, Frames.SelectedPort), peer: null, Frames.PayloadSize));
    }

    public int SenderInterface { get; }

    public int ReceiverInterface { get; }

    /// <summary>Runs something in the sender's or the receiver's namespace.</summary>
    public T AtSender<T>(Func<T> work) => _sender.Within(work);

    public T AtReceiver<T>(Func<T> work) => _receiver.Within(work);

    /// <summary>
    /// Sends batch after batch; returns the nanoseconds of one packet in the median batch, from the call until it is in
    /// the other socket's queue, or until it has been read from there. Every packet must arrive. A batch during which
    /// the thread lost its processor to somebody else is done again.
    /// </summary>
    /// <param name="oneByOne">A system call for each packet.</param>
    /// <param name="withReading">Until it was read.</param>
    /// <param name="afterBatch">Done after each batch; its time does not count.</param>
    public double MeasureNs(bool oneByOne, bool withReading, Action afterBatch)
    {
        double[] elapsed = new double[BatchesInWindow];
        for (int good = 0, spoilt = 0; good < BatchesInWindow;)
        {
            long switches = ThreadClock.Switches(), start = Stopwatch.GetTimestamp();
            int sent = _source.Send(oneByOne);
            TimeSpan delivered = Stopwatch.GetElapsedTime(start);
            Read(sent, oneByOne);
            TimeSpan read = Stopwatch.GetElapsedTime(start);
            bool undisturbed = switches == ThreadClock.Switches();
            afterBatch();
            if (undisturbed)
                elapsed[good++] = (withReading ? read : delivered).TotalNanoseconds;
            else
                BenchException.Require(++spoilt < MostSpoiltBatches, "The machine is too busy to send one batch undisturbed.");
        }
        return Spread.Of(elapsed).Median / MessageSocket.Batch;
    }

    public void Dispose()
    {
        _source.Dispose();
        _sink.Dispose();
        _sender.Dispose();
        _receiver.Dispose();
    }

    private void Read(int sent, bool oneByOne)
    {
        BenchException.Require(sent == MessageSocket.Batch, $"The kernel took {sent} of {MessageSocket.Batch} packets.");
        // The kernel may leave the last ones to another thread of its own when the processor is contended.
        long start = Stopwatch.GetTimestamp();
        for (int received = 0; received < sent;)
        {
            received += _sink.Receive(oneByOne);
            BenchException.Require(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), $"{received} of {sent} packets arrived.");
        }
    }

    private static void Address(LinkEnd own, Ipv6Address address, Ipv6Address peer, LinkEnd other)
    {
        own.AddAddress(address, PrefixLength);
        own.AddNeighbour(peer, other.HardwareAddress);
    }
}
