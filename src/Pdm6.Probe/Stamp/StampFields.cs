namespace Pdm6.Probe.Stamp;

/// <summary>
/// Where the fields of STAMP packets are (RFC 8762 sections 4.2 and 4.3). Everything else must be zero; what follows the
/// fixed part is padding.
/// <code>
/// unauthenticated, both 44 octets                     authenticated, both 112 octets
///  0 sequence 4        16 receive timestamp 8          0 sequence 4       32 receive timestamp 8
///  4 timestamp 8       24 sender sequence 4           16 timestamp 8      48 sender sequence 4
/// 12 error estimate 2  28 sender timestamp 8          24 error estimate 2 64 sender timestamp 8
///                      36 sender error estimate 2                         72 sender error estimate 2
///                      40 sender TTL 1                                    80 sender TTL 1
///                                                                         96 HMAC 16
/// </code>
/// The left columns are what a sender fills; the HMAC is in both authenticated packets.
/// </summary>
/// <param name="Size">Octets of the fixed part.</param>
/// <param name="Timestamp">Offset of the timestamp; the sequence number is at 0.</param>
/// <param name="ErrorEstimate">Offset of the error estimate.</param>
/// <param name="ReceiveTimestamp">Offset of the reflector's receive timestamp.</param>
/// <param name="SenderSequence">Offset of the sender's sequence number.</param>
/// <param name="SenderTimestamp">Offset of the sender's timestamp.</param>
/// <param name="SenderErrorEstimate">Offset of the sender's error estimate.</param>
/// <param name="SenderTtl">Offset of the hop limit that the request arrived with.</param>
internal sealed record StampFields(
    int Size, int Timestamp, int ErrorEstimate, int ReceiveTimestamp, int SenderSequence, int SenderTimestamp,
    int SenderErrorEstimate, int SenderTtl)
{
    internal static StampFields Unauthenticated { get; } = new(44, 4, 12, 16, 24, 28, 36, 40);

    internal static StampFields Authenticated { get; } = new(112, 16, 24, 32, 48, 64, 72, 80);
}
