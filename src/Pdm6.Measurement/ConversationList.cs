namespace Pdm6.Measurement;

/// <summary>Conversations by the time of their last packet. Adding, removing and finding the oldest take constant
/// time.</summary>
internal sealed class ConversationList
{
    public Conversation? Newest { get; private set; }
    public Conversation? Oldest { get; private set; }

    public void AddNewest(Conversation conversation)
    {
        conversation.List = this;
        conversation.Older = Newest;
        conversation.Newer = null;
        if (Newest is null)
            Oldest = conversation;
        else
            Newest.Newer = conversation;
        Newest = conversation;
    }

    public void Remove(Conversation conversation)
    {
        if (conversation.Newer is null)
            Newest = conversation.Older;
        else
            conversation.Newer.Older = conversation.Older;
        if (conversation.Older is null)
            Oldest = conversation.Newer;
        else
            conversation.Older.Newer = conversation.Newer;
        (conversation.List, conversation.Newer, conversation.Older) = (null, null, null);
    }
}
