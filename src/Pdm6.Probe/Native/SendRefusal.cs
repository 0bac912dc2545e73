using System.Runtime.InteropServices;

namespace Pdm6.Probe.Native;

/// <summary>Why the kernel did not send a datagram.</summary>
/// <param name="ErrorNumber">errno.</param>
internal readonly record struct SendRefusal(int ErrorNumber)
{
    /// <summary>It is larger than the path carries.</summary>
    internal bool IsTooLong => ErrorNumber == Libc.MessageTooLong;

    /// <summary>Too much is on its way already; later it may go.</summary>
    internal bool IsBusy => ErrorNumber is Libc.TryAgain or Libc.NoBufferSpace;

    /// <summary>In the system's words, and what to do where that is clear.</summary>
    public override string ToString() => Marshal.GetPInvokeErrorMessage(ErrorNumber) + (IsTooLong ? " (choose a smaller -s)" : "");
}
