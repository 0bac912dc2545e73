using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Secrets;

/// <summary>For laboratories: whoever has the key file is an agent, and every base secret follows from it.</summary>
internal sealed class KeyFileSecrets : IContextSecrets
{
    private readonly KeyFile _keyFile;
    private readonly LabIdentity _identity;

    private KeyFileSecrets(KeyFile keyFile)
    {
        _keyFile = keyFile;
        _identity = LabIdentity.ForCollector(keyFile.Secret);
    }

    public IPeerIdentity Peers => _identity;

    /// <exception cref="CollectorConfigurationException">The file cannot be used.</exception>
    public static KeyFileSecrets Open(string path)
    {
        try
        {
            return new KeyFileSecrets(KeyFile.Load(path));
        }
        catch (KeyFileException error)
        {
            throw new CollectorConfigurationException($"keyFile: {error.Message}", error);
        }
    }

    public bool MayReport(ReadOnlySpan<byte> certificateDer, out string? name)
    {
        name = null;
        return true;
    }

    public bool TryGetBaseSecret(Announcement announcement, Span<byte> baseSecret)
    {
        KeyDerivation.BaseSecretFromKeyFile(_keyFile.Secret, announcement.IncarnationId, baseSecret);
        return true;
    }

    public Task RunAsync(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);

    public ValueTask DisposeAsync()
    {
        _identity.Dispose();
        _keyFile.Dispose();
        return ValueTask.CompletedTask;
    }
}
