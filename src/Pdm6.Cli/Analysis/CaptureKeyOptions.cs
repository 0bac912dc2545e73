using System.CommandLine;
using Pdm6.Capture.Analysis;
using Pdm6.Security;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

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
        Description = "The contexts' announcements (JSON array or JSON Lines): signed ones need --analyzer-key and --authority, "
            + "those of a laboratory --key-file.",
    };
    private readonly Option<string?> _analyzerKey = new("--analyzer-key")
    {
        Description = "The analyzer's HPKE keys: what 'pdm6 keys export --private' writes, or a file of an identity directory.",
    };
    private readonly Option<string?> _authority = new("--authority")
    {
        Description = "The authority whose participants are believed: what 'pdm6 keys export' writes, or 'authority.crt'.",
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
        verb.Add(_analyzerKey);
        verb.Add(_authority);
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
        CaptureKeys keys = new(parsed.GetValue(_key) is { } path ? KeyFile.Load(path) : null, LoadAnalyzer(parsed));
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

    /// <summary>Says what came of signed announcements, if there is anything to say.</summary>
    internal static void Report(CaptureKeys keys, TextWriter errors)
    {
        AnnouncementTally tally = keys.Announcements;
        foreach (string reason in tally.Reasons)
            errors.WriteLine($"pdm6: {reason}");
        if (tally.Refused > tally.Reasons.Count)
            errors.WriteLine($"pdm6: {tally.Refused - tally.Reasons.Count} more announcements are refused.");
        if (tally.ForOthers > 0)
            errors.WriteLine($"pdm6: {tally.ForOthers} announcements are sealed to other analyzers than this key's: what they cover stays closed.");
    }

    private AnalyzerKeys? LoadAnalyzer(ParseResult parsed)
    {
        string? keyPath = parsed.GetValue(_analyzerKey), authorityPath = parsed.GetValue(_authority);
        if (keyPath is null && authorityPath is null)
            return null;
        if (authorityPath is null)
            throw new WrongUseException(
                "An analyzer's key needs the certificate of the authority, or anybody could forge announcements: add --authority FILE "
                + "('authority.crt' of the analyzer's identity directory).");
        if (keyPath is null)
            throw new WrongUseException("--authority goes with --analyzer-key FILE: make that file with 'pdm6 keys export --private'.");
        return AuthorityCertificate.TryReadFile(File.ReadAllBytes(authorityPath), out AuthorityCertificate? authority, out string? error)
            ? new AnalyzerKeys(HpkeKeyFile.Load(keyPath), authority)
            : throw new WrongUseException($"--authority {authorityPath}: {error}");
    }
}
