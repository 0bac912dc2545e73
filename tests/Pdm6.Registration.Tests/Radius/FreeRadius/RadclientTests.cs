using System.Net;
using Pdm6.Lab;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Radius.Disconnect;

namespace Pdm6.Registration.Tests.Radius.FreeRadius;

/// <summary>Disconnect-Requests from FreeRADIUS's radclient, which checks what comes back.</summary>
public sealed class RadclientTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-radclient-");
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _lines = [];
    private readonly RadiusOptions _options = new()
    {
        Servers = [new RadiusServer(new IPEndPoint(IPAddress.IPv6Loopback, 1812), RadiusSecret.Of("what radclient and pdm6 share"u8))],
        DisconnectListener = new IPEndPoint(IPAddress.IPv6Loopback, 0),
    };

    private DisconnectListener _listener = null!;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _listener = DisconnectListener.Open(
            _options, (name, _, _) => Task.FromResult(name == "host-1" ? ErrorCause.None : ErrorCause.SessionContextNotFound),
            TimeProvider.System, line =>
            {
                lock (_lines)
                    _lines.Add(line);
            });
        _running = _listener.RunAsync(_stop.Token);
        File.WriteAllText(Path.Combine(_directory.FullName, "secret"), "what radclient and pdm6 share\n");
        File.WriteAllText(Path.Combine(_directory.FullName, "forged"), "what somebody else has for it\n");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _directory.Delete(recursive: true);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _stop.Dispose();
        _options.Dispose();
    }

    [Fact]
    public async Task DisconnectRequest_ForAParticipant_IsAcknowledgedAndSaid()
    {
        string output = await RadclientAsync("disconnect", $"User-Name = host-1, Event-Timestamp = {Now}, Message-Authenticator = 0x00");

        Assert.Contains("Received Disconnect-ACK", output);
        Assert.Contains(_lines, line => line.Contains("host-1 was revoked by RADIUS server ::1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DisconnectRequest_ForNobody_IsRefusedWithItsCause()
    {
        string output = await RadclientAsync("disconnect", $"User-Name = host-2, Event-Timestamp = {Now}, Message-Authenticator = 0x00");

        Assert.Contains("Received Disconnect-NAK", output);
        Assert.Contains("Error-Cause = Session-Context-Not-Found", output);
    }

    [Fact]
    public async Task CoaRequest_IsRefusedWithItsCause()
    {
        string output = await RadclientAsync("coa", $"User-Name = host-1, Event-Timestamp = {Now}, Message-Authenticator = 0x00");

        Assert.Contains("Received CoA-NAK", output);
        Assert.Contains("Error-Cause = Unsupported-Extension", output);
    }

    [Theory]
    [InlineData("secret", "User-Name = host-1, Event-Timestamp = {0}")]
    [InlineData("secret", "User-Name = host-1, Event-Timestamp = 1000000000, Message-Authenticator = 0x00")]
    [InlineData("forged", "User-Name = host-1, Event-Timestamp = {0}, Message-Authenticator = 0x00")]
    public async Task DisconnectRequest_ThatCouldBeForgedOrPlayedAgain_GetsNoAnswer(string secretFile, string attributes)
    {
        string output = await RadclientAsync(
            "disconnect", string.Format(System.Globalization.CultureInfo.InvariantCulture, attributes, Now), secretFile);

        Assert.Contains("No reply from server", output);
        Assert.DoesNotContain("Received", output);
        Assert.DoesNotContain(_lines, line => line.Contains("was revoked", StringComparison.Ordinal));
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private async Task<string> RadclientAsync(string command, string attributes, string secretFile = "secret")
    {
        string request = Path.Combine(_directory.FullName, "request");
        File.WriteAllText(request, attributes + "\n");
        ProgramResult result = await CommandLine.Of(
            "radclient", "-x", "-r", "1", "-t", "2", "-f", request, "-S", Path.Combine(_directory.FullName, secretFile),
            $"[::1]:{_listener.LocalEndPoint.Port}", command).RunAsync();
        return result.Output + result.Errors;
    }
}
