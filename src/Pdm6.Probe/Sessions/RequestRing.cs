using System.Numerics;

namespace Pdm6.Probe.Sessions;

/// <summary>The latest requests, by number, in fixed memory.</summary>
internal sealed class RequestRing
{
    private readonly Outstanding[] _requests;

    internal RequestRing(int size)
    {
        if (!BitOperations.IsPow2(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, "Must be a power of two.");
        _requests = new Outstanding[size];
    }

    internal uint Size => (uint)_requests.Length;

    /// <summary>The place of a request: the request itself, or an older one if it was never entered or is
    /// forgotten.</summary>
    internal ref Outstanding this[uint index] => ref _requests[index & (uint)(_requests.Length - 1)];
}
