using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Lab.Native;

namespace Pdm6.EndToEnd.Tests.Nonces;

/// <summary>Keeps every protected option that arrives at an interface of the calling thread's namespace.</summary>
internal sealed class WireCapture : IDisposable
{
    private readonly PacketSocket _socket;
    private readonly Thread _thread;
    private readonly List<SealedOption> _options = [];
    private volatile bool _stop;

    internal WireCapture(string interfaceName)
    {
        _socket = PacketSocket.Open(interfaceName);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Options so far.</summary>
    internal int Count
    {
        get
        {
            lock (_options)
                return _options.Count;
        }
    }

    /// <summary>The options so far.</summary>
    internal IReadOnlyList<SealedOption> Options
    {
        get
        {
            lock (_options)
                return [.. _options];
        }
    }

    /// <summary>All options, once what is on its way has arrived. Fails if the capture lost any.</summary>
    internal IReadOnlyList<SealedOption> Stop()
    {
        _stop = true;
        _thread.Join();
        Assert.Equal(0, _socket.Drops());
        return _options;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        Span<byte> frame = new byte[PacketSocket.LargestFrame];
        while (true)
        {
            bool last = _stop;
            while (_socket.Receive(frame, out _, out _) is > 0 and int length)
            {
                if (!SealedOption.TryRead(frame[PacketSocket.VnetHeaderSize..length], out SealedOption option))
                    continue;
                lock (_options)
                    _options.Add(option);
            }
            if (last)
                return;
            Thread.Sleep(1);
        }
    }
}
