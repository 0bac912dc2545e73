using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>A flow and its reverse. Recycled, and threaded on a <see cref="ConversationList"/>.</summary>
internal sealed class Conversation
{
    /// <param name="firstHandle">Of one direction; the next is the other's.</param>
    public Conversation(int firstHandle)
    {
        One = new Direction(this, firstHandle);
        Other = new Direction(this, firstHandle + 1);
    }

    /// <summary>The flow whose five fields are the key of the conversation.</summary>
    public Direction One { get; }
    /// <summary>Its reverse; of no meaning if there is none.</summary>
    public Direction Other { get; }

    public int Tag { get; set; }
    public ulong BornAtNs { get; private set; }
    public ulong LastAtNs { get; set; }
    /// <summary>Before this time nothing that waits for stragglers is due.</summary>
    public ulong SettleAtNs { get; set; }

    public Responder Responder { get; private set; }
    public HeldTurnarounds HeldTurnarounds;

    public ConversationList? List { get; set; }
    public Conversation? Newer { get; set; }
    public Conversation? Older { get; set; }

    /// <param name="key">The key, as <see cref="KeyOf"/> gives it.</param>
    /// <param name="nowNs">Time.</param>
    public void Reset(in FlowKey key, ulong nowNs)
    {
        bool hasReverse = HasDistinctReverse(key, out FlowKey reverse);
        One.Reset(key);
        Other.Reset(reverse);
        if (hasReverse)
            (One.Reverse, Other.Reverse) = (Other, One);
        Tag = 0;
        SettleAtNs = 0;
        BornAtNs = nowNs;
        HeldTurnarounds.Clear();
        Responder = key.IsEcho ? Responder.Other : Responder.Undecided;
    }

    /// <summary>See <see cref="FlowPlace.Fetch"/>.</summary>
    public ulong Fetch() => LastAtNs + (ulong)HeldTurnarounds.Count + SettleAtNs;

    /// <summary>Nobody is to take its directions for these flows any more.</summary>
    public void Retire()
    {
        One.Retire();
        Other.Retire();
    }

    /// <summary>The direction that a flow of this conversation is.</summary>
    public Direction DirectionOf(in FlowKey flow) => flow == One.Flow ? One : Other;

    /// <summary>The flow that stands for both directions: of ICMPv6 echo the request, else the one whose source end
    /// is the lower.</summary>
    public static FlowKey KeyOf(in FlowKey flow)
    {
        if (!HasDistinctReverse(flow, out FlowKey reverse))
            return flow;
        if (flow.IsEcho)
            return flow.SourcePort < reverse.SourcePort ? flow : reverse;
        int order = flow.Source.CompareTo(flow.Destination);
        return order < 0 || (order == 0 && flow.SourcePort < flow.DestinationPort) ? flow : reverse;
    }

    /// <summary>Decides once and for all, from what was observed so far.</summary>
    public void DecideResponder()
    {
        if (Responder != Responder.Undecided)
            return;
        if (One.SpokeUnasked != Other.SpokeUnasked)
            Responder = One.SpokeUnasked ? Responder.Other : Responder.One;
        else if (One.Flow.SourcePort != One.Flow.DestinationPort)
            Responder = One.Flow.SourcePort < One.Flow.DestinationPort ? Responder.One : Responder.Other;
        else
            Responder = Responder.Neither;
    }

    /// <summary>Whose time a turnaround with payload on both packets is.</summary>
    public TurnaroundKind KindOf(Direction direction) => Responder switch
    {
        Responder.Neither => TurnaroundKind.EitherDelay,
        Responder.One => direction == One ? TurnaroundKind.ServerDelay : TurnaroundKind.ClientDelay,
        _ => direction == Other ? TurnaroundKind.ServerDelay : TurnaroundKind.ClientDelay,
    };

    private static bool HasDistinctReverse(in FlowKey flow, out FlowKey reverse) =>
        flow.TryReverse(out reverse) && reverse != flow;
}
