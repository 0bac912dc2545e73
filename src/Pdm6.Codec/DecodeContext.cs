using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>What is known of one line's octets beside the octets.</summary>
internal readonly record struct DecodeContext(
    CodecCarriage? Carriage, FlowKey? Flow, Suite Suite, ushort? UdpLength);
