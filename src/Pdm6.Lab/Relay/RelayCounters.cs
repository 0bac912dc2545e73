namespace Pdm6.Lab;

/// <summary>What a relay did.</summary>
/// <param name="ToServer">Packets on their way to the server.</param>
/// <param name="ToClient">Packets on their way to the client.</param>
/// <param name="Held">Packets that the relay holds at this moment.</param>
public sealed record RelayCounters(DirectionCounters ToServer, DirectionCounters ToClient, int Held);
