using System.Net;
using System.Text.Json;
using Pdm6.Registration.Contract;

namespace Pdm6.Collector;

/// <summary>The configuration file, setting by setting, so that every error names the setting and says what to do.</summary>
internal static class ConfigurationFile
{
    private const int LargestFile = 64 << 10;

    private static readonly JsonDocumentOptions _json = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    public static CollectorOptions Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > LargestFile)
                throw new CollectorConfigurationException($"{path}: larger than 64 KiB; this is not a configuration");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), _json);
            CollectorOptions options = Read(document.RootElement, Path.GetDirectoryName(Path.GetFullPath(path))!);
            options.Validate();
            return options;
        }
        catch (JsonException error)
        {
            throw new CollectorConfigurationException(
                $"{path}: line {error.LineNumber + 1} is not JSON; compare with 'pdm6 collector config example'", error);
        }
        catch (CollectorConfigurationException error)
        {
            throw new CollectorConfigurationException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CollectorConfigurationException(
                $"{path}: cannot be read ({error.Message.TrimEnd('.')}); give the path of a configuration file", error);
        }
    }

    private static CollectorOptions Read(JsonElement root, string directory)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new CollectorConfigurationException("a configuration is one JSON object in braces");
        CollectorOptions options = new();
        foreach (JsonProperty setting in root.EnumerateObject())
            options = setting.Name switch
            {
                "registrar" => options with { Registrar = ReadRegistrar(setting, directory) },
                "identity" => options with { Identity = Path.GetFullPath(Text(setting), directory) },
                "keyFile" => options with { KeyFile = Path.GetFullPath(Text(setting), directory) },
                "ingest" => options with { Ingest = EndPoint(setting) },
                "web" => options with { Web = EndPoint(setting) },
                "store" => options with { Store = StorePath(setting, directory) },
                "retentionHours" => options with { Retention = Hours(setting) },
                _ => throw new CollectorConfigurationException(
                    $"\"{setting.Name}\" is not a setting; there are registrar, identity, keyFile, ingest, web, store, retentionHours"),
            };
        return options;
    }

    private static EmbeddedRegistrar ReadRegistrar(JsonProperty setting, string directory)
    {
        const string Example = "write it like \"registrar\": { \"data\": \"/var/lib/pdm6/registrar\", \"listen\": \"[::]:8652\" }";
        if (setting.Value.ValueKind != JsonValueKind.Object)
            throw new CollectorConfigurationException($"\"registrar\" must be an object in braces; {Example}");
        (string? data, IPEndPoint listen, string[] hosts) = (null, new IPEndPoint(IPAddress.IPv6Any, RegistrarRoutes.DefaultPort), []);
        foreach (JsonProperty inner in setting.Value.EnumerateObject())
            switch (inner.Name)
            {
                case "data":
                    data = Path.GetFullPath(Text(inner), directory);
                    break;
                case "listen":
                    listen = EndPoint(inner);
                    break;
                case "hosts":
                    hosts = Texts(inner);
                    break;
                default:
                    throw new CollectorConfigurationException(
                        $"\"registrar\": \"{inner.Name}\" is not a setting; there are data, listen, hosts");
            }
        return data is null
            ? throw new CollectorConfigurationException($"\"registrar\": \"data\" is missing; {Example}")
            : new EmbeddedRegistrar(data, listen) { Hosts = hosts };
    }

    private static string Text(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.String && setting.Value.GetString() is { Length: > 0 } text
            ? text
            : throw new CollectorConfigurationException($"\"{setting.Name}\" must be a text that is not empty");

    private static string[] Texts(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.Array
        && setting.Value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String && element.GetString()!.Length > 0)
            ? [.. setting.Value.EnumerateArray().Select(element => element.GetString()!)]
            : throw new CollectorConfigurationException($"\"{setting.Name}\" must be a list of texts in brackets");

    private static string StorePath(JsonProperty setting, string directory)
    {
        string text = Text(setting);
        return text == CollectorOptions.MemoryStore ? text : Path.GetFullPath(text, directory);
    }

    private static IPEndPoint EndPoint(JsonProperty setting)
    {
        string text = Text(setting);
        return IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port != 0
            ? endPoint
            : throw new CollectorConfigurationException(
                $"\"{setting.Name}\": {text} is not an address with a port; write it like [::1]:8650");
    }

    private static TimeSpan Hours(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.Number && setting.Value.TryGetInt32(out int hours)
            ? TimeSpan.FromHours(hours)
            : throw new CollectorConfigurationException($"\"{setting.Name}\" must be a whole number of hours");
}
