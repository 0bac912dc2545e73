using System.Net;
using System.Text;
using System.Text.Json;
using Pdm6.Security;

namespace Pdm6.Registration.Radius;

/// <summary>Reads the object <c>radius</c> of a registrar's configuration, setting by setting, so that every error names
/// the setting and says what to write: docs/radius.md.</summary>
internal static class RadiusSettings
{
    private const string ServerSettings = "\"address\" and \"secretFile\"";
    private const string Settings =
        "servers, nasIdentifier, serviceType, passwordFile, timeoutSeconds, tries, disconnectListen";

    /// <summary>Reads the settings and the secrets that they name.</summary>
    /// <param name="settings">The object.</param>
    /// <param name="directory">What relative paths are relative to.</param>
    /// <exception cref="RegistrarException">A setting is unknown, missing or wrong.</exception>
    /// <exception cref="KeyFileException">A secret cannot be used.</exception>
    public static RadiusOptions Read(JsonElement settings, string directory)
    {
        if (settings.ValueKind != JsonValueKind.Object)
            throw Wrong("\"radius\" must be an object in braces");
        List<RadiusServer> servers = [];
        RadiusSecret? password = null;
        try
        {
            string nasIdentifier = "pdm6-registrar";
            int serviceType = 2, timeoutSeconds = 2, tries = 2;
            IPEndPoint? disconnect = null;
            foreach (JsonProperty setting in settings.EnumerateObject())
                switch (setting.Name)
                {
                    case "servers":
                        ReadServers(setting, directory, servers);
                        break;
                    case "nasIdentifier":
                        nasIdentifier = Text(setting);
                        break;
                    case "serviceType":
                        serviceType = Number(setting, 1, ushort.MaxValue);
                        break;
                    case "passwordFile":
                        password = RadiusSecret.LoadPassword(Path.GetFullPath(Text(setting), directory));
                        break;
                    case "timeoutSeconds":
                        timeoutSeconds = Number(setting, 1, 16);
                        break;
                    case "tries":
                        tries = Number(setting, 1, 5);
                        break;
                    case "disconnectListen":
                        disconnect = EndPoint(setting, RadiusOptions.DefaultDisconnectPort);
                        break;
                    default:
                        throw Wrong($"radius: \"{setting.Name}\" is not a setting; there are {Settings}");
                }
            if (servers.Count == 0)
                throw Wrong("radius: \"servers\" is missing; write [{\"address\": \"[2001:db8::53]:1812\", \"secretFile\": \"radius.secret\"}]");
            return new RadiusOptions
            {
                Servers = servers,
                NasIdentifier = nasIdentifier,
                ServiceType = (uint)serviceType,
                Password = password,
                TimeoutSeconds = timeoutSeconds,
                Tries = tries,
                DisconnectListener = disconnect,
            };
        }
        catch
        {
            foreach (RadiusServer server in servers)
                server.Secret.Dispose();
            password?.Dispose();
            throw;
        }
    }

    private static void ReadServers(JsonProperty setting, string directory, List<RadiusServer> servers)
    {
        if (setting.Value.ValueKind != JsonValueKind.Array || setting.Value.GetArrayLength() is 0 or > RadiusOptions.MostServers)
            throw Wrong($"radius: \"servers\" must be a list of 1 to {RadiusOptions.MostServers} servers");
        foreach (JsonElement server in setting.Value.EnumerateArray())
        {
            if (server.ValueKind != JsonValueKind.Object)
                throw Wrong($"radius: a server is an object with {ServerSettings}");
            IPEndPoint? address = null;
            string? secretFile = null;
            foreach (JsonProperty part in server.EnumerateObject())
                switch (part.Name)
                {
                    case "address":
                        address = EndPoint(part, RadiusOptions.DefaultPort);
                        break;
                    case "secretFile":
                        secretFile = Path.GetFullPath(Text(part), directory);
                        break;
                    default:
                        throw Wrong($"radius: \"{part.Name}\" is not a setting of a server; there are {ServerSettings}");
                }
            if (address is null || secretFile is null)
                throw Wrong($"radius: a server has {ServerSettings}");
            if (address.Address.Equals(IPAddress.IPv6Any) || address.Address.Equals(IPAddress.Any))
                throw Wrong($"radius: {address} is nobody's address; name the server's own");
            servers.Add(new RadiusServer(address, RadiusSecret.LoadShared(secretFile)));
        }
    }

    private static string Text(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.String && setting.Value.GetString() is { Length: > 0 } text
            && Encoding.UTF8.GetByteCount(text) <= Packets.RadiusPacketWriter.LargestValue
            ? text
            : throw Wrong($"radius: \"{setting.Name}\" must be a text in quotes of 1 to {Packets.RadiusPacketWriter.LargestValue} octets");

    private static int Number(JsonProperty setting, int least, int most) =>
        setting.Value.ValueKind == JsonValueKind.Number && setting.Value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Wrong($"radius: \"{setting.Name}\" must be a whole number from {least} to {most}");

    private static IPEndPoint EndPoint(JsonProperty setting, int defaultPort) =>
        IPEndPoint.TryParse(Text(setting), out IPEndPoint? endPoint)
            ? new IPEndPoint(endPoint.Address, endPoint.Port == 0 ? defaultPort : endPoint.Port)
            : throw Wrong($"radius: \"{setting.Name}\": {Text(setting)} is no address with a port; write it like [2001:db8::53]:{defaultPort}");

    private static RegistrarException Wrong(string message) => new(message);
}
