using Pdm6.Fuzz.Engine;

namespace Pdm6.Fuzz.Targets;

/// <summary>One target for each decoder.</summary>
internal static class AllTargets
{
    /// <summary>Makes them all.</summary>
    public static FuzzTarget[] Create() =>
    [
        new Pdmv1Target(), new Pdmv2Target(), new LegacyPdmv2Target(), new OptionFormTarget(), new TlvTarget(), new UdpFrameTarget(),
        new UdpOptionTarget(), new PacketTarget(), new MergeTarget(), new ChecksumTarget(), new FlowKeyTarget(), new ObservationRecordTarget(),
        new ObservationBatchTarget(), new OptionOpeningTarget(), new UdpOptionOpeningTarget(), new FrameOpeningTarget(), new AesGcmTarget(),
        new ReplayWindowTarget(), new AnnouncementTarget(), new PcapTarget(), new PcapngTarget(), new CaptureDecryptTarget(),
        new CaptureAnonymizeTarget(), new CodecDecodeTarget(), new CodecEncodeTarget(),
        new ParticipantCertificateTarget(), new ParticipantRequestTarget(), new EnvelopeTarget(), new KeyBundleTarget(),
        new SealedAnnouncementTarget(), new SealedGrantTarget(), new RadiusTarget(),
    ];
}
