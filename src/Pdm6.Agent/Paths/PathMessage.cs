using System.Security.Cryptography;
using Pdm6.Security;

namespace Pdm6.Agent.Paths;

/// <summary>
/// The two datagrams by which agents find out what arrives:
/// <code>
/// request: "pdm6pr1" || 0 || context id 16 || nonce 16 || form u8 || form of the answer u8 || zeros to 112 || MAC 16
/// answer:  "pdm6pa1" || 0 || nonce 16 || form u8 || form of the answer u8 || zeros to 48 || MAC 16
/// </code>
/// The MAC is HMAC-SHA256, cut to 16 octets, over all before it, under the path key of the pair that asks. So only those
/// whose packets the asked host authenticates anyway are answered, and only it can answer. An answer with all that it may
/// have on it is shorter than its request.
/// </summary>
internal static class PathMessage
{
    internal const int RequestSize = 128;
    internal const int AnswerSize = 64;
    internal const int NonceSize = 16;

    /// <summary>Where the two octets stand that tell a request.</summary>
    internal const int KindOffset = 4;
    /// <summary>These: "pr".</summary>
    internal const uint RequestKind = 'p' << 8 | 'r';

    private const int MagicSize = 8;
    private const int MacSize = 16;
    private const int RequestNonceOffset = MagicSize + ContextId.Size;
    private const int AnswerFormOffset = MagicSize + NonceSize;

    /// <summary>Where a request says in which form it was sent.</summary>
    internal const int RequestFormOffset = RequestNonceOffset + NonceSize;
    /// <summary>Where an answer says that of itself.</summary>
    internal const int AnswerOwnFormOffset = AnswerFormOffset + 1;

    private static ReadOnlySpan<byte> RequestMagic => "pdm6pr1\0"u8;
    private static ReadOnlySpan<byte> AnswerMagic => "pdm6pa1\0"u8;

    internal static byte[] Request(ContextId context, ReadOnlySpan<byte> nonce, PathForm form, PathForm answerForm, ReadOnlySpan<byte> pathKey)
    {
        byte[] request = new byte[RequestSize];
        RequestMagic.CopyTo(request);
        context.Write(request.AsSpan(MagicSize));
        nonce.CopyTo(request.AsSpan(RequestNonceOffset));
        request[RequestFormOffset] = (byte)form;
        request[RequestFormOffset + 1] = (byte)answerForm;
        Authenticate(request, pathKey);
        return request;
    }

    /// <summary>Reads a request. Nothing of it is to be believed before <see cref="IsAuthentic"/>.</summary>
    internal static bool TryReadRequest(ReadOnlySpan<byte> datagram, out ContextId context, out PathForm answerForm)
    {
        (context, answerForm) = (default, default);
        if (datagram.Length != RequestSize || !datagram.StartsWith(RequestMagic)
            || !PathForms.TryRead(datagram[RequestFormOffset], out _) || !PathForms.TryRead(datagram[RequestFormOffset + 1], out PathForm? form))
            return false;
        (context, answerForm) = (ContextId.Read(datagram[MagicSize..]), form.Value);
        return true;
    }

    internal static byte[] Answer(ReadOnlySpan<byte> request, ReadOnlySpan<byte> pathKey)
    {
        byte[] answer = new byte[AnswerSize];
        AnswerMagic.CopyTo(answer);
        request.Slice(RequestNonceOffset, NonceSize + 2).CopyTo(answer.AsSpan(MagicSize));
        Authenticate(answer, pathKey);
        return answer;
    }

    /// <summary>Reads an answer. Nothing of it is to be believed before <see cref="IsAuthentic"/>.</summary>
    internal static bool TryReadAnswer(ReadOnlySpan<byte> datagram, out UInt128 nonce, out PathForm form)
    {
        (nonce, form) = (default, default);
        if (datagram.Length != AnswerSize || !datagram.StartsWith(AnswerMagic) || !PathForms.TryRead(datagram[AnswerFormOffset], out PathForm? read))
            return false;
        (nonce, form) = (NonceOf(datagram[MagicSize..]), read.Value);
        return true;
    }

    internal static UInt128 NonceOf(ReadOnlySpan<byte> octets) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(octets);

    /// <summary>True if whoever wrote this datagram has the key.</summary>
    internal static bool IsAuthentic(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> pathKey)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(pathKey, datagram[..^MacSize], mac);
        return CryptographicOperations.FixedTimeEquals(mac[..MacSize], datagram[^MacSize..]);
    }

    private static void Authenticate(Span<byte> datagram, ReadOnlySpan<byte> pathKey)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(pathKey, datagram[..^MacSize], mac);
        mac[..MacSize].CopyTo(datagram[^MacSize..]);
    }
}
