namespace Pdm6.Codec.Objects;

/// <summary>The members that objects of the codec may have.</summary>
internal enum Member
{
    Carriage,
    Flow,
    Suite,
    Epoch,
    Psntp,
    Psnlr,
    GlobalPointer,
    ScaleDtlr,
    ScaleDtls,
    DeltaTlr,
    DeltaTls,
    OptionType,
    UdpLength,
    ExId,
    Flags,
    KeyId,
    Sequence,
    TimestampMicroseconds,
    Nonce,
    Tlvs,
    Hex,
    // What decode adds; nothing takes it.
    Status,
    Version,
    DeltaTlrNs,
    DeltaTlsNs,
}
