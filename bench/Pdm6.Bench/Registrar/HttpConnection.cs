using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pdm6.Bench;

/// <summary>One connection of HTTP/1.1 over TLS 1.3, and no more of either than the bench needs: ten thousand of them must
/// cost less than the registrar that they ask.</summary>
internal sealed class HttpConnection : IAsyncDisposable
{
    private const int MostHeader = 4096;

    private static readonly X509ChainPolicy _noChain = new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private readonly TcpClient _tcp;
    private readonly SslStream _tls;
    private int _requests;

    private HttpConnection(TcpClient tcp, SslStream tls) => (_tcp, _tls) = (tcp, tls);

    public static async Task<HttpConnection> OpenAsync(IPEndPoint registrar, X509Certificate2? certificate)
    {
        TcpClient tcp = new(AddressFamily.InterNetworkV6) { NoDelay = true };
        await tcp.ConnectAsync(registrar).ConfigureAwait(false);
        SslStream tls = new(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = _noChain,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
#pragma warning disable CA5359 // The registrar is this program's own; what it costs to check it is the client's.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        }).ConfigureAwait(false);
        return new HttpConnection(tcp, tls);
    }

    /// <summary>Asks; the status and the body.</summary>
    public async Task<(int Status, byte[] Body)> AskAsync(string method, string path, byte[] body)
    {
        long asked = Stopwatch.GetTimestamp();
        int requests = ++_requests;
        byte[] head = Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        await _tls.WriteAsync((byte[])[.. head, .. body]).ConfigureAwait(false);
        // A read of nothing ends when there is something: until then the connection holds no buffer.
        await _tls.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
        byte[] answer = new byte[MostHeader];
        int read = 0, end;
        while ((end = answer.AsSpan(0, read).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int some = await _tls.ReadAsync(answer.AsMemory(read)).ConfigureAwait(false);
            BenchException.Require(
                some > 0,
                $"The registrar closed a connection that asked {method} {path}, its request number {requests}, "
                + $"{Stopwatch.GetElapsedTime(asked).TotalSeconds:0.0} s before.");
            read += some;
        }
        string[] lines = Encoding.ASCII.GetString(answer, 0, end).Split("\r\n");
        string? length = lines.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        byte[] content = new byte[length is null ? 0 : int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture)];
        int already = read - end - 4;
        answer.AsSpan(end + 4, already).CopyTo(content);
        await _tls.ReadExactlyAsync(content.AsMemory(already)).ConfigureAwait(false);
        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), content);
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync().ConfigureAwait(false);
        _tcp.Dispose();
    }
}
