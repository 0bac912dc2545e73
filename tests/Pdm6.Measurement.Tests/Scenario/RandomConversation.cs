namespace Pdm6.Measurement.Tests.Scenario;

/// <summary>
/// Requests, acknowledgements and answers in parts over a network that delays at random, loses, duplicates and
/// reorders. Knows the truth of everything: when each number was sent, arrived and was accepted.
/// </summary>
internal sealed class RandomConversation
{
    private readonly Random _random;
    private readonly PriorityQueue<Action, ulong> _events = new();
    private ulong _now = Flows.Start;

    public RandomConversation(int seed, int requests)
    {
        _random = new Random(seed);
        A = new Side(new Host(Flows.Http, firstPsntp: (uint)_random.Next() - 50));
        B = new Side(new Host(Flows.Http.Reverse(), firstPsntp: uint.MaxValue - 50));
        ulong at = _now;
        for (int i = 0; i < requests; i++)
        {
            at += Between(1, 100);
            _events.Enqueue(() => Send(A, B, payload: 100), at);
        }
        while (_events.TryDequeue(out Action? happens, out _now))
            happens();
    }

    public Side A { get; }
    public Side B { get; }

    private ulong Between(int fromMs, int toMs) => (ulong)_random.NextInt64(fromMs * (long)Flows.Ms, toMs * (long)Flows.Ms);

    private void After(ulong ns, Action action) => _events.Enqueue(action, _now + ns);

    private void Send(Side from, Side to, int payload)
    {
        SentPacket packet = from.Host.Send(_now, payload);
        from.Sent.Add(packet);
        int copies = _random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 };
        for (int i = 0; i < copies; i++)
            After(Between(5, 20) + (i > 0 ? Between(0, 80) : 0), () => Arrive(from, to, packet));
    }

    private void Arrive(Side from, Side to, SentPacket packet)
    {
        MeasuredPacket observed = to.Host.Receive(packet, _now);
        to.Seen.Add(observed);
        from.Arrived.TryAdd(packet.Psntp, _now);
        if (observed.Accepted)
            from.Accepted.Add(packet.Psntp, _now);
        if (packet.PayloadLength == 0)
            return;
        if (_random.Next(2) == 0)
            After(Between(0, 1) + 1, () => Send(to, from, payload: 0));
        if (to != B)
            return;
        for (int parts = _random.Next(1, 4); parts > 0; parts--)
            After(Between(2, 60), () => Send(B, A, payload: 500));
    }

    /// <summary>One host and what became of its packets.</summary>
    internal sealed class Side(Host host)
    {
        public Host Host { get; } = host;
        public List<SentPacket> Sent { get; } = [];
        /// <summary>When the first copy of a number of this side arrived at the other.</summary>
        public Dictionary<uint, ulong> Arrived { get; } = [];
        /// <summary>When a number of this side was accepted by the other.</summary>
        public Dictionary<uint, ulong> Accepted { get; } = [];
        /// <summary>What this side observed.</summary>
        public List<MeasuredPacket> Seen { get; } = [];
    }
}
