namespace Pdm6.Capture;

/// <summary>One interface of a pcapng section.</summary>
internal readonly record struct CaptureInterface(ushort LinkType, uint SnapLength, TimestampUnit TimestampUnit);
