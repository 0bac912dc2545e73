namespace Pdm6.Security.Tests.Guarded;

/// <summary>A sealed message of which every part lies in memory of its own between inaccessible pages, together with
/// guarded room for what sealing and opening write.</summary>
internal sealed class GuardedMessage : IDisposable
{
    private readonly List<GuardedMemory> _parts = [];
    private readonly bool _atBack;

    public GuardedMessage(Message message, bool atBack)
    {
        Message = message;
        _atBack = atBack;
        Key = Guard(message.Key);
        Nonce = Guard(message.Nonce);
        AssociatedData = Guard(message.AssociatedData);
        Plaintext = Guard(message.Plaintext);
        Ciphertext = Guard(message.Ciphertext);
        Tag = Guard(message.Tag);
        Text = Guard(new byte[message.Plaintext.Length]);
        NewTag = Guard(new byte[message.Tag.Length]);
    }

    public Message Message { get; }
    public GuardedMemory Key { get; }
    public GuardedMemory Nonce { get; }
    public GuardedMemory AssociatedData { get; }
    public GuardedMemory Plaintext { get; }
    public GuardedMemory Ciphertext { get; }
    public GuardedMemory Tag { get; }
    /// <summary>Room for a text.</summary>
    public GuardedMemory Text { get; }
    /// <summary>Room for a tag.</summary>
    public GuardedMemory NewTag { get; }

    public GuardedMemory Guard(ReadOnlySpan<byte> octets)
    {
        GuardedMemory memory = GuardedMemory.Of(octets, _atBack);
        _parts.Add(memory);
        return memory;
    }

    public void Dispose() => _parts.ForEach(part => part.Dispose());
}
