namespace Pdm6.Lab;

/// <summary>A frame that waits for its time, with its virtio-net header in front.</summary>
/// <param name="Buffer">A rented array.</param>
/// <param name="Length">Octets of it in use.</param>
/// <param name="Direction">Where it goes.</param>
/// <param name="Decision">What was decided about it.</param>
internal readonly record struct HeldFrame(byte[] Buffer, int Length, RelayDirection Direction, Decision Decision);
