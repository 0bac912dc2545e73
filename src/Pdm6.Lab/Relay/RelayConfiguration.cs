using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pdm6.Lab;

/// <summary>What a relay needs to know. As a file: JSON, comments allowed.</summary>
public sealed record RelayConfiguration
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    /// <summary>The interface towards the client.</summary>
    public required RelayPort ClientSide { get; init; }

    /// <summary>The interface towards the server.</summary>
    public required RelayPort ServerSide { get; init; }

    /// <summary>What happens to packets on their way to the server.</summary>
    public Impairments ToServer { get; init; } = new();

    /// <summary>What happens to packets on their way to the client.</summary>
    public Impairments ToClient { get; init; } = new();

    /// <summary>Where to write what became of each packet, one JSON object a line; null for no such log.</summary>
    public string? DecisionLog { get; init; }

    /// <summary>Reads and checks a configuration file.</summary>
    /// <exception cref="RelayConfigurationException">It cannot be read or used; the message says why.</exception>
    public static RelayConfiguration Load(string path)
    {
        try
        {
            RelayConfiguration configuration = JsonSerializer.Deserialize<RelayConfiguration>(File.ReadAllBytes(path), s_json)
                ?? throw new RelayConfigurationException($"{path} holds no configuration.");
            configuration.Validate();
            return configuration;
        }
        catch (JsonException e)
        {
            throw new RelayConfigurationException($"{path} is no relay configuration: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RelayConfigurationException($"The relay configuration cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes the configuration to a file that <see cref="Load"/> reads.</summary>
    public void Save(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, s_json));

    /// <summary>Checks every value.</summary>
    /// <exception cref="RelayConfigurationException">One cannot be used; the message says which.</exception>
    public void Validate()
    {
        ClientSide.Validate("clientSide");
        ServerSide.Validate("serverSide");
        ToServer.Validate("toServer");
        ToClient.Validate("toClient");
    }
}
