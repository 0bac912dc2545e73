using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>The conversations that are remembered, in the order of their last packets.</summary>
internal sealed class ConversationTable(int capacity)
{
    private readonly Dictionary<FlowKey, Conversation> _byKey = new(new FlowKeyComparer());
    private readonly ConversationList _open = new();
    private readonly ConversationList _closed = new();
    private readonly Stack<Conversation> _spare = new();
    private ulong _nextId = 1;

    public int Count => _byKey.Count;
    public bool IsFull => _byKey.Count >= capacity;

    /// <summary>The open conversation that has been silent for longest.</summary>
    public Conversation? OldestOpen => _open.Oldest;

    /// <summary>The closed conversation that has been silent for longest.</summary>
    public Conversation? OldestClosed => _closed.Oldest;

    public bool IsClosed(Conversation conversation) => conversation.List == _closed;

    public bool TryGet(in FlowKey key, out Conversation? conversation) => _byKey.TryGetValue(key, out conversation);

    public Conversation Add(in FlowKey key, ulong nowNs)
    {
        Conversation conversation = _spare.TryPop(out Conversation? spare) ? spare : new Conversation();
        conversation.Reset(key, _nextId, nowNs);
        _nextId += 2;
        _byKey.Add(key, conversation);
        return conversation;
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
        _spare.Push(conversation);
    }
}
