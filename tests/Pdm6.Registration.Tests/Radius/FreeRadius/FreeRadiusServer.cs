using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;
using Pdm6.Registration.Radius;

namespace Pdm6.Registration.Tests.Radius.FreeRadius;

/// <summary>Debian's FreeRADIUS in the foreground, with a configuration directory and a port of its own on ::1.</summary>
internal sealed class FreeRadiusServer : IAsyncDisposable
{
    /// <summary>What it and the registrar share.</summary>
    public const string Secret = "what FreeRADIUS and pdm6 share";

    private const string Program = "/usr/sbin/freeradius";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory;
    private readonly LabProcess _process;

    private FreeRadiusServer(DirectoryInfo directory, LabProcess process, int port)
    {
        _directory = directory;
        _process = process;
        EndPoint = new IPEndPoint(IPAddress.IPv6Loopback, port);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="users">The file of users, see <c>man 5 users</c>.</param>
    /// <param name="addsMessageAuthenticator">Its answers have one: this version adds it only if it is told to.</param>
    public static async Task<FreeRadiusServer> StartAsync(string users, bool addsMessageAuthenticator = true)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("pdm6-freeradius-");
        int port = FreePort();
        string update = addsMessageAuthenticator ? "update reply { Message-Authenticator := 0x00 }" : "";
        File.WriteAllText(Path.Combine(directory.FullName, "radiusd.conf"), Configuration(directory.FullName, port, update));
        File.WriteAllText(Path.Combine(directory.FullName, "dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
        File.WriteAllText(Path.Combine(directory.FullName, "users"), users);
        LabProcess process = LabProcess.Start("FreeRADIUS", CommandLine.Of(Program, "-d", directory.FullName, "-f", "-l", "stdout"));
        FreeRadiusServer server = new(directory, process, port);
        try
        {
            await process.WaitForLineAsync("Ready to process requests", _limit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public RadiusServer AsServer() => new(EndPoint, RadiusSecret.Of(System.Text.Encoding.ASCII.GetBytes(Secret)));

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(_limit);
        _directory.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Configuration(string directory, int port, string update) => $$"""
        localstatedir = {{directory}}
        logdir = {{directory}}
        run_dir = {{directory}}
        libdir = /usr/lib/freeradius
        hostname_lookups = no
        log {
            destination = stdout
        }
        security {
            reject_delay = 0
            status_server = no
        }
        modules {
            pap {
            }
            files {
                usersfile = {{directory}}/users
            }
        }
        client registrar {
            ipv6addr = ::1
            secret = "{{Secret}}"
            require_message_authenticator = yes
        }
        server pdm6 {
            listen {
                type = auth
                ipv6addr = ::1
                port = {{port}}
            }
            authorize {
                files
                pap
            }
            authenticate {
                Auth-Type PAP {
                    pap
                }
            }
            post-auth {
                {{update}}
                Post-Auth-Type REJECT {
                    {{update}}
                }
                Post-Auth-Type Challenge {
                    {{update}}
                }
            }
        }
        """.Replace("update reply { ", "update reply {\n").Replace("0x00 }", "0x00\n}");
}
