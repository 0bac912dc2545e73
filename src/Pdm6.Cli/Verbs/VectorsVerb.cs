using System.Buffers;
using System.CommandLine;
using System.Text;
using Pdm6.Codec.Vectors;
using Pdm6.Codec.Vectors.Registration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 vectors</c>.</summary>
internal sealed class VectorsVerb : Verb
{
    private const string DetailsText = """
        One JSON document, the same at every run: {"about", "vectors":[...]}. Each vector has name, about, octets, decode (a line
        for 'pdm6 codec decode'), status and answer; where they apply also encode (a line for 'pdm6 codec encode' that gives
        these octets), pairSecret and frameKey (what the key files hold), and intermediate (pair secret, key, base nonce,
        nonce, associated data, plaintext, ciphertext, tag). Every carriage, right and wrong, both suites.

        Example:
          pdm6 vectors | jq -r '.vectors[] | select(.status == "malformed") | .name + ": " + .about'

        With --registration: announcements, grants and key bundles instead (docs/registration.md), with the keys and
        certificates of everybody in them.
        """;

    internal VectorsVerb() : base(
        "vectors",
        "Prints test vectors for every carriage, right and wrong, with every value on the way (JSON).",
        "pdm6 vectors > pdm6_vectors.json",
        DetailsText)
    {
        Option<bool> registration = new("--registration") { Description = "Those of registration." };
        Add(registration);
        SetAction(async (parsed, stop) =>
        {
            ArrayBufferWriter<byte> document = new();
            if (parsed.GetValue(registration))
                RegistrationVectors.Write(document);
            else
                TestVectors.Write(document);
            await parsed.InvocationConfiguration.Output
                .WriteAsync(Encoding.UTF8.GetString(document.WrittenSpan).AsMemory(), stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
