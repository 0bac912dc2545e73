namespace Pdm6.Datapath;

/// <summary>Takes one record of a ring buffer. The octets are the kernel's own memory: gone on return.</summary>
public delegate void RecordHandler(ReadOnlySpan<byte> record);
