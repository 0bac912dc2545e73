using System.Globalization;
using System.Text.Json;

namespace Pdm6.Security.Tests;

/// <summary>The 28 set-ups of RFC 9180, appendix A.</summary>
public sealed class Rfc9180VectorTests
{
    private static readonly HpkeVector[] s_vectors = HpkeVector.ReadAll("hpke_rfc9180.json");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_vectors.Length).Where(i => s_vectors[i].Suite.IsSupported(out _))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sender_Vector_MakesItsOctets(int index)
    {
        HpkeVector vector = s_vectors[index];
        using HpkeSender sender = vector.SetUpSender();
        Assert.Equal(vector["enc"], sender.Encapsulation);
        Assert.Equal(vector["base_nonce"], sender.Context.BaseNonce);
        Assert.Equal(vector["exporter_secret"], sender.Context.ExporterSecret);

        ulong next = 0;
        foreach (JsonElement encryption in vector.Encryptions)
        {
            ulong sequence = ulong.Parse(encryption.GetProperty("sequence number").GetString()!, CultureInfo.InvariantCulture);
            for (; next < sequence; next++)
                sender.Seal([], []);
            Assert.Equal(encryption.Octets("ct"), sender.Seal(encryption.Octets("aad"), encryption.Octets("pt")));
            next++;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recipient_Vector_SetsUp(int index)
    {
        HpkeVector vector = s_vectors[index];
        using HpkeRecipient recipient = vector.SetUpRecipient();
        Assert.Equal(vector["exporter_secret"], recipient.Context.ExporterSecret);
    }
}
