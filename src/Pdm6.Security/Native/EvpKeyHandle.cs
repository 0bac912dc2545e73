using Microsoft.Win32.SafeHandles;

namespace Pdm6.Security.Native;

/// <summary>An <c>EVP_PKEY</c> of libcrypto, which zeroes its secrets when it is freed.</summary>
internal sealed class EvpKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
