using System.Net;
using System.Text.Json;
using Pdm6.Registration.Radius;

namespace Pdm6.Registration;

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

    public static RegistrarOptions Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > LargestFile)
                throw new RegistrarException("larger than 64 KiB; this is not a configuration");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), _json);
            RegistrarOptions options = Read(document.RootElement, Path.GetDirectoryName(Path.GetFullPath(path))!);
            options.Validate();
            return options;
        }
        catch (JsonException error)
        {
            throw new RegistrarException(
                $"{path}: line {error.LineNumber + 1} is not JSON; compare with 'pdm6 registrar config example'", error);
        }
        catch (RegistrarException error)
        {
            throw new RegistrarException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RegistrarException(
                $"{path}: cannot be read ({error.Message.TrimEnd('.')}); give the path of a configuration file", error);
        }
    }

    private static RegistrarOptions Read(JsonElement root, string directory)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new RegistrarException("a configuration is one JSON object in braces");
        RegistrarOptions options = new() { Data = "" };
        foreach (JsonProperty setting in root.EnumerateObject())
            options = setting.Name switch
            {
                "data" => options with { Data = PathOf(setting, directory) },
                "listen" => options with { Listen = EndPoint(setting) },
                "database" => options with { Database = Text(setting) },
                "authorityCertificate" => options with { AuthorityCertificate = PathOf(setting, directory) },
                "authorityKey" => options with { AuthorityKey = PathOf(setting, directory) },
                "names" => options with { Names = Texts(setting) },
                "certificateHours" => options with { CertificateLifetime = TimeSpan.FromHours(Number(setting)) },
                "retentionDays" => options with { Retention = TimeSpan.FromDays(Number(setting)) },
                "radius" => options with { Radius = RadiusSettings.Read(setting.Value, directory) },
                _ => throw new RegistrarException(
                    $"\"{setting.Name}\" is not a setting; there are data, listen, database, authorityCertificate, authorityKey, "
                    + "names, certificateHours, retentionDays, radius"),
            };
        return options.Data.Length > 0
            ? options
            : throw new RegistrarException("\"data\" is missing; name the directory that holds what the registrar keeps");
    }

    private static string Text(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.String && setting.Value.GetString() is { Length: > 0 } text
            ? text
            : throw new RegistrarException($"\"{setting.Name}\" must be a text that is not empty");

    private static string PathOf(JsonProperty setting, string directory) => Path.GetFullPath(Text(setting), directory);

    private static string[] Texts(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.Array
        && setting.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString()!.Length > 0)
            ? [.. setting.Value.EnumerateArray().Select(item => item.GetString()!)]
            : throw new RegistrarException($"\"{setting.Name}\" must be a list of texts");

    private static IPEndPoint EndPoint(JsonProperty setting)
    {
        string text = Text(setting);
        return IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port != 0
            ? endPoint
            : throw new RegistrarException($"\"{setting.Name}\": {text} is not an address with a port; write it like [::]:8652");
    }

    private static int Number(JsonProperty setting) =>
        setting.Value.ValueKind == JsonValueKind.Number && setting.Value.TryGetInt32(out int number)
        && number is >= 0 and <= 1_000_000
            ? number
            : throw new RegistrarException($"\"{setting.Name}\" must be a whole number that is not negative");
}
