using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Pdm6.Security;
using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Tests.RedTeam;

/// <summary>Everything that somebody has in his files, and what can be done with it.</summary>
internal sealed class Loot : IDisposable
{
    private readonly List<byte[]> _files;

    /// <param name="directory">Whose files to take, all of them.</param>
    public Loot(string directory)
    {
        _files = [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(Read)];
        Keys = [.. _files.SelectMany(PrivateKeys)];
    }

    /// <summary>Every private key that is there, whatever it was made for, as one that could open what is sealed.</summary>
    public IReadOnlyList<HpkePrivateKey> Keys { get; }

    /// <summary>The envelopes of a registrar's SQLite store with the certificates that they were signed with.</summary>
    public static IReadOnlyList<SignedEnvelope> Envelopes(string database, string table)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the test names the table
        command.CommandText = $"SELECT c.der, e.body, e.signature FROM {table} e JOIN certificates c ON c.hash = e.certificate_hash ORDER BY e.version";
#pragma warning restore CA2100
        using SqliteDataReader rows = command.ExecuteReader();
        List<SignedEnvelope> envelopes = [];
        while (rows.Read())
            envelopes.Add(new SignedEnvelope(rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2)));
        return envelopes;
    }

    /// <summary>The secret that an announcement or a grant seals, if one of the keys opens it, whomever it is sealed to.</summary>
    public byte[]? Open(SignedEnvelope envelope)
    {
        JsonNode body = JsonNode.Parse(envelope.Body)!;
        bool isGrant = body["grant"] is not null;
        byte[] signed = Convert.FromBase64String((string)body[isGrant ? "grant" : "announcement"]!);
        byte[] context = Convert.FromHexString((string)JsonNode.Parse(signed)!["contextId"]!);
        byte[] secret = new byte[32];
        foreach (JsonNode? item in body["sealed"] is JsonArray list ? list.ToArray() : [body["sealed"]])
            foreach (HpkePrivateKey key in Keys)
                foreach (byte[] keyId in (byte[][])[Convert.FromHexString((string)item!["keyId"]!), Convert.FromHexString(key.PublicKey.KeyId.ToString())])
                {
                    // The protocol reference, section 7, once more: the product would look at the identifier first.
                    byte[] info = [.. "pdm6 v1 hpke"u8, (byte)(isGrant ? 1 : 0), .. context, .. SHA256.HashData(envelope.Certificate), .. keyId];
                    HpkeSuite suite = new((HpkeKem)(ushort)item["kem"]!, (HpkeKdf)(ushort)item["kdf"]!, (HpkeAead)(ushort)item["aead"]!);
                    if (Hpke.TryOpenBase(
                            suite, key, Convert.FromBase64String((string)item["enc"]!), info, SHA256.HashData(signed),
                            Convert.FromBase64String((string)item["ciphertext"]!), secret, out _))
                        return secret;
                }
        return null;
    }

    /// <summary>True if some octets are in one of the files: as they are, or in hexadecimal digits or base64, at whatever
    /// place in them.</summary>
    public bool Holds(byte[] secret) => _files.Any(file => Forms(secret).Any(form => file.AsSpan().IndexOf(form) >= 0));

    public void Dispose()
    {
        foreach (HpkePrivateKey key in Keys)
            key.Dispose();
    }

    private static byte[] Read(string path)
    {
        // A running registrar has its store open; others may read.
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] octets = new byte[file.Length];
        file.ReadExactly(octets);
        return octets;
    }

    private static IEnumerable<HpkePrivateKey> PrivateKeys(byte[] file)
    {
        string text = Encoding.Latin1.GetString(file);
        while (PemEncoding.TryFind(text, out PemFields pem))
        {
            string label = text[pem.Label];
            byte[] octets = Convert.FromBase64String(text[pem.Base64Data]);
            text = text[pem.Location.End..];
            if (label == "PDM6 HPKE PRIVATE KEY")
                yield return HpkePrivateKey.Import((HpkeKem)BinaryPrimitives.ReadUInt16BigEndian(octets), octets.AsSpan(2));
            else if (label is "PRIVATE KEY")
            {
                using ECDsa key = ECDsa.Create();
                key.ImportPkcs8PrivateKey(octets, out _);
                yield return HpkePrivateKey.Import(HpkeKem.DhkemP256HkdfSha256, key.ExportParameters(true).D);
            }
        }
    }

    private static IEnumerable<byte[]> Forms(byte[] secret)
    {
        yield return secret;
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(secret));
        // Base64 of something that holds the secret: three ways to fall into its groups of three; the ends depend on what is beside it.
        for (int before = 0; before < 3; before++)
        {
            string base64 = Convert.ToBase64String([.. new byte[before], .. secret, .. new byte[2]]);
            int first = before == 0 ? 0 : before + 1, last = (before + secret.Length) / 3 * 4;
            yield return Encoding.ASCII.GetBytes(base64[first..last]);
            yield return Encoding.ASCII.GetBytes(base64[first..last].Replace('+', '-').Replace('/', '_'));
        }
    }
}
