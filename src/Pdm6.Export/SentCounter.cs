using System.Text.Json.Serialization;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Export;

/// <summary>
/// Options sent to one destination under one rule in one epoch: with the distinct ones received there, the loss of
/// one-packet flows and of tails, which no series of numbers can show (protocol reference, section 8).
/// </summary>
/// <param name="Source">Source address of the packets.</param>
/// <param name="Destination">Their destination address.</param>
/// <param name="Rule">Name of the sender's rule.</param>
/// <param name="ContextId">The sender's context.</param>
/// <param name="Epoch">The 12-bit epoch on the wire.</param>
/// <param name="EpochIndex">The epoch's place in the context's timetable.</param>
/// <param name="Count">Options sent.</param>
public sealed record SentCounter(
    [property: JsonConverter(typeof(Ipv6AddressJsonConverter))] Ipv6Address Source,
    [property: JsonConverter(typeof(Ipv6AddressJsonConverter))] Ipv6Address Destination,
    string Rule, ContextId ContextId, int Epoch, long EpochIndex, long Count);
