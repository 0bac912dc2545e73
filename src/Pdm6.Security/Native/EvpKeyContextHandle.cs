using Microsoft.Win32.SafeHandles;

namespace Pdm6.Security.Native;

/// <summary>An <c>EVP_PKEY_CTX</c> of libcrypto: one operation with a key.</summary>
internal sealed class EvpKeyContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeContext(handle);
        return true;
    }
}
