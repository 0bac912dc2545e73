using Pdm6.Codec.Lines;

namespace Pdm6.Cli.Verbs;

/// <summary>Standard input and output as octets, for verbs that answer line by line.</summary>
internal static class StandardStreams
{
    internal static async Task<bool> RunAsync(ILineCodec codec, CancellationToken stop)
    {
        Stream input = Console.OpenStandardInput();
        Stream output = Console.OpenStandardOutput();
        await using (input.ConfigureAwait(false))
        await using (output.ConfigureAwait(false))
            return await LineLoop.RunAsync(input, output, codec, stop).ConfigureAwait(false);
    }
}
