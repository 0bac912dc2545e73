using System.CommandLine;
using Pdm6.Capture.Analysis;
using Pdm6.Security;

namespace Pdm6.Cli.Analysis;

/// <summary>The options by which verbs that read captures are told what opens them and how measurements are
/// marked.</summary>
internal sealed class CaptureKeyOptions
{
    private readonly Option<string[]> _baseSecrets = new("--base-secret-file")
    {
        Description = "A base secret (64 hex digits, mode 0600), tried for every source and epoch; may be repeated.",
    };
    private readonly Option<string?> _key = new("--key-file")
    {
        Description = "The laboratory's key (64 hex digits, mode 0600): opens udp-frames and, with announcements, options.",
    };
    private readonly Option<string?> _announcements = new("--announcements")
    {
        Description = "The contexts' announcements (JSON), as 'pdm6 demo --keep' leaves them; needs --key-file.",
    };
    private readonly Option<int> _suite = new("--suite")
    {
        Description = "Cipher of the base secrets: 2 AES-256-GCM, 1 AES-128-GCM.",
        DefaultValueFactory = _ => (int)Suite.Aes256Gcm,
    };
    private readonly MarkOptions _marks = new();

    /// <summary>Gives the options to a verb.</summary>
    internal void AddTo(Command verb)
    {
        verb.Add(_baseSecrets);
        verb.Add(_key);
        verb.Add(_announcements);
        verb.Add(_suite);
        _marks.AddTo(verb);
    }

    internal WireSettings Wire(ParseResult parsed) => _marks.Read(parsed);

    /// <summary>Reads the key files.</summary>
    internal CaptureKeys Load(ParseResult parsed)
    {
        Suite suite = (Suite)parsed.GetValue(_suite);
        if (suite is not (Suite.Aes128Gcm or Suite.Aes256Gcm))
            throw new WrongUseException("There are suites 1 (AES-128-GCM) and 2 (AES-256-GCM).");
        CaptureKeys keys = new(parsed.GetValue(_key) is { } path ? KeyFile.Load(path) : null);
        try
        {
            foreach (string file in parsed.GetValue(_baseSecrets) ?? [])
            {
                using KeyFile secret = KeyFile.Load(file);
                keys.AddBaseSecret(secret, suite);
            }
            if (parsed.GetValue(_announcements) is { } announcements
                && !keys.TryAddAnnouncements(File.ReadAllBytes(announcements), out string? error))
                throw new WrongUseException($"--announcements {announcements}: {error}");
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }
}
