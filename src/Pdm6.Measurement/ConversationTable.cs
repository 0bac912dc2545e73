using System.Diagnostics.CodeAnalysis;
using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>The conversations that are remembered, in the order of their last packets.</summary>
internal sealed class ConversationTable(int capacity)
{
    private readonly Dictionary<FlowKey, Conversation> _byKey = new(new FlowKeyComparer());
    private readonly ConversationList _open = new();
    private readonly ConversationList _closed = new();
    private readonly Stack<Conversation> _spare = new();
    private readonly List<Direction> _directions = [];
    private Direction? _last;

    public int Count => _byKey.Count;
    public bool IsFull => _byKey.Count >= capacity;

    /// <summary>The open conversation that has been silent for longest.</summary>
    public Conversation? OldestOpen => _open.Oldest;

    /// <summary>The closed conversation that has been silent for longest.</summary>
    public Conversation? OldestClosed => _closed.Oldest;

    /// <summary>Every direction that was ever made, by its handle.</summary>
    public List<Direction> Directions => _directions;

    public bool IsClosed(Conversation conversation) => conversation.List == _closed;

    /// <summary>Finds the direction of a conversation that a flow is.</summary>
    public bool TryGet(in FlowKey flow, [NotNullWhen(true)] out Direction? direction)
    {
        // Packets of a conversation come in runs.
        direction = _last;
        if (direction is not null && direction.Flow == flow)
            return true;
        direction = direction?.Reverse;
        if (direction is null || direction.Flow != flow)
        {
            if (!_byKey.TryGetValue(Conversation.KeyOf(flow), out Conversation? conversation))
                return false;
            direction = conversation.DirectionOf(flow);
        }
        _last = direction;
        return true;
    }

    /// <summary>Adds the conversation of a flow.</summary>
    public Direction Add(in FlowKey flow, ulong nowNs)
    {
        FlowKey key = Conversation.KeyOf(flow);
        Conversation conversation = _spare.TryPop(out Conversation? spare) ? spare : Make();
        conversation.Reset(key, nowNs);
        _byKey.Add(key, conversation);
        return _last = conversation.DirectionOf(flow);
    }

    /// <summary>A packet came: the conversation is open and the most recent one.</summary>
    public void Touch(Conversation conversation, ulong nowNs)
    {
        conversation.LastAtNs = nowNs;
        if (_open.Newest == conversation)
            return; // packets of a conversation come in runs
        conversation.List?.Remove(conversation);
        _open.AddNewest(conversation);
    }

    public void Close(Conversation conversation)
    {
        conversation.List?.Remove(conversation);
        _closed.AddNewest(conversation);
    }

    public void Forget(Conversation conversation)
    {
        conversation.List?.Remove(conversation);
        _byKey.Remove(conversation.One.Flow);
        conversation.Retire();
        _spare.Push(conversation);
        _last = null;
    }

    private Conversation Make()
    {
        Conversation conversation = new(_directions.Count);
        _directions.Add(conversation.One);
        _directions.Add(conversation.Other);
        return conversation;
    }
}
