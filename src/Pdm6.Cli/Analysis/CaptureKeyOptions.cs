using System.CommandLine;
using System.Globalization;
using Pdm6.Capture.Analysis;
using Pdm6.Security;
using Pdm6.Wire;

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
    private readonly Option<string?> _optionType = new("--option-type") { Description = "IPv6 option type of PDMv2 (0x1e unless told)." };
    private readonly Option<string?> _exId = new("--exid") { Description = "ExID of the UDP option (0x504d unless told)." };
    private readonly Option<ushort> _framePort = new("--frame-port")
    {
        Description = "UDP port of udp-frames.",
        DefaultValueFactory = _ => WireSettings.DefaultFramePort,
    };

    /// <summary>Gives the options to a verb.</summary>
    internal void AddTo(Command verb)
    {
        verb.Add(_baseSecrets);
        verb.Add(_key);
        verb.Add(_announcements);
        verb.Add(_suite);
        verb.Add(_optionType);
        verb.Add(_exId);
        verb.Add(_framePort);
    }

    internal WireSettings Wire(ParseResult parsed) => new()
    {
        OptionType = (byte)Number(parsed.GetValue(_optionType), Pdmv2OptionView.DefaultOptionType, byte.MaxValue, "--option-type"),
        ExId = (ushort)Number(parsed.GetValue(_exId), UdpOption.DefaultExId, ushort.MaxValue, "--exid"),
        FramePort = parsed.GetValue(_framePort),
    };

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

    /// <summary>A number in decimal, or in hexadecimal behind 0x.</summary>
    private static int Number(string? text, int otherwise, int most, string option)
    {
        if (text is null)
            return otherwise;
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return isNumber && value >= 0 && value <= most ? value : throw new WrongUseException($"{option} is a number up to {most}.");
    }
}
