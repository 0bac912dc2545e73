using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pdm6.Lab.Native;

namespace Pdm6.Lab;

/// <summary>
/// A named network namespace (<c>ip netns</c>): a host of its own as far as the network goes. Disposing it kills every
/// program in it and removes it with all its interfaces.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const string Directory = "/run/netns";
    private bool _disposed;

    private NetworkNamespace(NamespaceName name) => Name = name.ToString();

    /// <summary>The name for <c>ip netns exec</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// Creates an empty namespace with its loopback up. Nothing in it speaks before it is spoken to: no router
    /// solicitations, no address made up by itself, no duplicate address detection.
    /// </summary>
    /// <exception cref="CommandFailedException">The kernel refused; the message says why.</exception>
    public static NetworkNamespace Create(NamespaceName name)
    {
        CommandLine.Of("ip", "netns", "add", name.ToString()).Run();
        NetworkNamespace created = new(name);
        try
        {
            foreach (string scope in (string[])["all", "default"])
            {
                created.WriteSetting($"ipv6/conf/{scope}/accept_dad", "0");
                created.WriteSetting($"ipv6/conf/{scope}/accept_ra", "0");
                created.WriteSetting($"ipv6/conf/{scope}/router_solicitations", "0");
                created.WriteSetting($"ipv6/conf/{scope}/addr_gen_mode", "1");
            }
            created.Ip("link", "set", "lo", "up");
            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }

    /// <summary>A command that runs <paramref name="command"/> inside.</summary>
    public CommandLine Inside(CommandLine command) =>
        CommandLine.Of("ip", ["netns", "exec", Name, command.Program, .. command.Arguments]);

    /// <summary>Runs a program inside to its end and returns its output.</summary>
    /// <exception cref="CommandFailedException">It ended with another code than 0.</exception>
    public string Run(string program, params string[] arguments) => Inside(CommandLine.Of(program, arguments)).Run();

    /// <summary>Runs the ip program on this namespace.</summary>
    /// <exception cref="CommandFailedException">It ended with another code than 0.</exception>
    public string Ip(params string[] arguments) => CommandLine.Of("ip", ["-n", Name, .. arguments]).Run();

    /// <summary>
    /// Does <paramref name="work"/> on a thread that is in this namespace, and returns its result. Sockets made there
    /// stay in the namespace when they are used elsewhere later. The work must not be asynchronous.
    /// </summary>
    /// <exception cref="LaboratoryException">The namespace cannot be entered.</exception>
    public T Within<T>(Func<T> work)
    {
        TaskCompletionSource<T> result = new();
        // The thread ends with the work, so no other work ever runs in the wrong namespace.
        Thread thread = new(() =>
        {
            try
            {
                Enter();
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        thread.Start();
        return result.Task.GetAwaiter().GetResult();
    }

    /// <summary>Connects to a TCP port as a program inside would.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public Socket Connect(IPEndPoint endpoint) => Within(() =>
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    });

    /// <summary>Writes a value below <c>/proc/sys/net</c> of this namespace.</summary>
    public void WriteSetting(string path, string value) => Within(() =>
    {
        // /proc/sys/net follows the namespace of the thread that opens it.
        File.WriteAllText($"/proc/sys/net/{path}", value);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Remove(Name);
    }

    /// <summary>
    /// Removes the namespaces of laboratories whose process has ended without cleaning up (kill -9, power cut), and
    /// kills the programs in them. Returns their names.
    /// </summary>
    public static IReadOnlyList<string> SweepStale()
    {
        if (!System.IO.Directory.Exists(Directory))
            return [];
        List<string> removed = [];
        foreach (string text in System.IO.Directory.EnumerateFiles(Directory).Select(path => Path.GetFileName(path)))
        {
            if (!NamespaceName.TryParse(text, out NamespaceName name) || System.IO.Directory.Exists($"/proc/{name.ProcessId}"))
                continue;
            Remove(text);
            removed.Add(text);
        }
        return removed;
    }

    /// <summary>True while a namespace of that name exists.</summary>
    public static bool Exists(NamespaceName name) => File.Exists(Path.Combine(Directory, name.ToString()));

    private static void Remove(string name)
    {
        foreach (string process in CommandLine.Of("ip", "netns", "pids", name).Run().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _ = Libc.kill(int.Parse(process, CultureInfo.InvariantCulture), Libc.SignalKill);
        CommandLine.Of("ip", "netns", "del", name).Run();
    }

    private void Enter()
    {
        int descriptor = Libc.open(Path.Combine(Directory, Name), Libc.OpenReadOnlyCloseOnExec);
        if (descriptor < 0)
            throw new LaboratoryException($"The network namespace {Name} cannot be opened: {Libc.LastErrorMessage}.");
        try
        {
            if (Libc.setns(descriptor, Libc.CloneNewNetwork) != 0)
                throw new LaboratoryException($"The network namespace {Name} cannot be entered: {Libc.LastErrorMessage}.");
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }
}
