using System.Net.Sockets;

namespace Pdm6.Datapath.Attachment;

/// <summary>
/// One live datapath for an interface. The claim is a bound socket name in the abstract namespace: it belongs to the
/// network namespace, as the interface index does, and goes when the process dies, however it dies.
/// </summary>
internal sealed class InterfaceClaim : IDisposable
{
    private readonly Socket _socket;

    private InterfaceClaim(Socket socket) => _socket = socket;

    /// <exception cref="DatapathException">Another process has it.</exception>
    internal static InterfaceClaim Take(int interfaceIndex)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0pdm6/interface/{interfaceIndex}"));
            return new InterfaceClaim(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new DatapathException(
                $"Another pdm6 agent is at work on the interface with index {interfaceIndex}: stop it first.", e);
        }
    }

    public void Dispose() => _socket.Dispose();
}
