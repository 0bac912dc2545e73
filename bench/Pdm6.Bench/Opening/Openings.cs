using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>The ways to open a stream of options. Each goes through the stream on its own, a window at a time, and
/// must open everything.</summary>
internal sealed unsafe class Openings : IDisposable
{
    private const int Window = 2048, NonceSize = Nonce.Size, OptionSize = Pdmv2OptionView.ProtectedSize, BlockSize = PdmMetrics.Size;

    private readonly SealedStream _stream;
    private readonly EvpContext[] _contexts;
    private readonly AesGcm[] _platform;
    private readonly ShortAesGcm[] _short;
    private readonly OptionOpener _opener;
    private readonly OpenResult[] _results = new OpenResult[Window];
    private readonly OpenedOption[] _opened = new OpenedOption[Window];
    private readonly Observation[] _touched = new Observation[Window];
    private readonly byte[] _touchedOctets = new byte[Window * OptionSize];

    public Openings(SealedStream stream)
    {
        _stream = stream;
        _contexts = [.. stream.Keys.Select(key => new EvpContext(key))];
        _platform = [.. stream.Keys.Select(key => new AesGcm(key, Pdmv2OptionView.TagSize))];
        _short = [.. stream.Keys.Select(key => ShortAesGcm.Create(key))];
        _opener = stream.Opener(OpenerLimits.Default with { PairSecrets = 1, SessionKeys = stream.Keys.Length });
        // Every key is derived and kept: how long that takes is not what is measured.
        for (int first = 0; first < SealedStream.Count; first += Window)
            OpenBatch(first, Window);
    }

    public IReadOnlyList<Contender> All =>
    [
        Windows("OpenSSL EVP, context per key", OpenWithOpenSsl),
        Windows("System.Security.Cryptography.AesGcm, instance per key", OpenWithPlatform),
        Windows("ShortAesGcm, instance per key, one by one", OpenOneByOne),
        Windows("ShortAesGcm, instance per key, four interleaved", OpenFourByFour),
        Windows("OptionOpener, batch: finds context and key too", OpenBatch),
    ];

    public void Dispose()
    {
        foreach (EvpContext context in _contexts)
            context.Dispose();
        foreach (AesGcm gcm in _platform)
            gcm.Dispose();
        foreach (ShortAesGcm gcm in _short)
            gcm.Dispose();
        _opener.Dispose();
    }

    private Contender Windows(string name, Action<int, int> open)
    {
        int next = 0;
        return new Contender(name, () =>
        {
            int first = next;
            next = (next + Window) % SealedStream.Count;
            Touch(first, Window);
            return (double)ThreadClock.Measure(() => open(first, Window)) / Window;
        });
    }

    // Whoever opens a message has just received and parsed it. The keys are the ones that lie far away.
    private void Touch(int first, int count)
    {
        _stream.Observations.AsSpan(first, count).CopyTo(_touched);
        Option(first, count).CopyTo(_touchedOctets);
        Nonces(first, count).CopyTo(_touchedOctets);
    }

    private void OpenWithOpenSsl(int first, int count)
    {
        byte* block = stackalloc byte[2 * BlockSize];
        fixed (byte* nonces = _stream.Nonces, options = _stream.Options)
            for (int i = first; i < first + count; i++)
                RequireOpened(_contexts[_stream.KeyOf[i]].TryOpen(nonces + i * NonceSize, options + i * OptionSize, block));
    }

    private void OpenWithPlatform(int first, int count)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        for (int i = first; i < first + count; i++)
        {
            ReadOnlySpan<byte> option = Option(i, 1);
            // Throws if the tag is wrong.
            _platform[_stream.KeyOf[i]].Decrypt(Nonces(i, 1), option[8..24], option[24..], block, option[..8]);
        }
    }

    private void OpenOneByOne(int first, int count)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        for (int i = first; i < first + count; i++)
        {
            ReadOnlySpan<byte> option = Option(i, 1);
            RequireOpened(_short[_stream.KeyOf[i]].TryOpen(Nonces(i, 1), option[..8], option[8..24], option[24..], block));
        }
    }

    private void OpenFourByFour(int first, int count)
    {
        const int Lanes = ShortAesGcm.LaneCount;
        Span<byte> blocks = stackalloc byte[Lanes * BlockSize];
        ShortAesGcm[] keys = new ShortAesGcm[Lanes];
        for (int i = first; i < first + count; i += Lanes)
        {
            for (int lane = 0; lane < Lanes; lane++)
                keys[lane] = _short[_stream.KeyOf[i + lane]];
            RequireOpened(ShortAesGcm.OpenFour(keys, Nonces(i, Lanes), Option(i, Lanes), blocks) == (1 << Lanes) - 1);
        }
    }

    private void OpenBatch(int first, int count)
    {
        _opener.OpenBatch(_stream.Observations.AsSpan(first, count), _results, _opened);
        RequireOpened(!_results.AsSpan(0, count).ContainsAnyExcept(OpenResult.Opened));
    }

    private ReadOnlySpan<byte> Nonces(int i, int count) => _stream.Nonces.AsSpan(i * NonceSize, count * NonceSize);

    private ReadOnlySpan<byte> Option(int i, int count) => _stream.Options.AsSpan(i * OptionSize, count * OptionSize);

    private static void RequireOpened(bool opened)
    {
        if (!opened)
            throw new BenchException("An option did not open.");
    }
}
