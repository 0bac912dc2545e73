using System.Security.Cryptography;
using Pdm6.Capture.Analysis;
using Pdm6.Security;

namespace Pdm6.Bench;

/// <summary>Captures of the same kind and different size, in memory's file cache, with the key that opens them. Rivals that
/// are a thousand times as slow get the small one.</summary>
internal sealed class CaptureFiles : IDisposable
{
    /// <summary>Each is one direction (protocol reference, section 1): half as many conversations.</summary>
    public const int Flows = 10_000;
    public const int Clients = 1_000;
    public const int Large = 1_000_000, Middle = 100_000, Small = 5_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-bench-").FullName;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);

    public CaptureFiles()
    {
        try
        {
            foreach (int packets in (int[])[Large, Middle, Small])
                ExchangeCapture.Write(PathOf(packets), packets, Flows, Clients, _secret);
            ExchangeCapture.Write(ClearPath, Large, Flows, Clients, _secret, isSealed: false);
            File.WriteAllText(KeyPath, Convert.ToHexString(_secret));
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string KeyPath => Path.Combine(_directory, "base.key");

    /// <summary>As many packets as <see cref="Large"/>, in clear.</summary>
    public string ClearPath => Path.Combine(_directory, "clear.pcapng");

    public string PathOf(int packets) => Path.Combine(_directory, $"{packets}.pcapng");

    public CaptureKeys Keys()
    {
        CaptureKeys keys = new();
        using KeyFile file = KeyFile.Load(KeyPath);
        keys.AddBaseSecret(file, Suite.Aes256Gcm);
        return keys;
    }

    /// <summary>An opener with the same secret.</summary>
    public OptionOpener Opener()
    {
        OptionOpener opener = new(OpenerMode.Analysis, OpenerLimits.Default with { HotKeys = 4 * Clients });
        opener.AddUnannounced(new ContextId(1), Suite.Aes256Gcm, _secret);
        return opener;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
