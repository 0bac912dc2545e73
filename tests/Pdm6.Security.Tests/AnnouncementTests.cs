using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

public sealed class AnnouncementTests
{
    private static readonly Announcement s_good = new Sender("2001:db8::1", "fe80::1").Announcement;

    [Fact]
    public void Json_RoundTrip_KeepsEveryMember()
    {
        Assert.True(Announcement.TryParse(s_good.ToJson(), out Announcement? read, out _));
        Assert.Equal(s_good.Addresses, read.Addresses);
        // Records compare their lists by reference, so everything else is compared with the same list in place.
        Assert.Equal(s_good, read with { Addresses = s_good.Addresses });
    }

    [Fact]
    public void Json_Members_AreWhatTheContractSays()
    {
        JsonObject json = JsonNode.Parse(s_good.ToJson())!.AsObject();
        Assert.Equal(
            [
                "formatVersion", "contextId", "incarnationId", "sequence", "issuedAtUnixNs", "notAfterUnixNs",
                "agentName", "addresses", "suite", "timetable", "optionType", "carriages", "exId", "clockErrorBoundNs",
            ],
            json.Select(member => member.Key));
        Assert.Equal(["2001:db8::1", "fe80::1"], json["addresses"]!.AsArray().Select(a => (string?)a));
        Assert.Equal(s_good.ContextId.ToString(), (string?)json["contextId"]);
        Assert.Equal(2, (int)json["suite"]!);
        Assert.Equal(
            ["firstEpoch", "firstInstantUnixNs", "lengthNs", "count"],
            json["timetable"]!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData(null, Carriages.DestinationOptionV2)]
    [InlineData("[0]", Carriages.DestinationOptionV2)]
    [InlineData("[1]", Carriages.UdpOption)]
    [InlineData("[1,0]", Carriages.DestinationOptionV2 | Carriages.UdpOption)]
    [InlineData("[2]", Carriages.ProbeRequests)]
    [InlineData("[3]", Carriages.ProbeReplies)]
    public void TryParse_Carriages_AreTheDestinationOptionUnlessToldOtherwise(string? value, Carriages expected)
    {
        JsonObject json = JsonNode.Parse(s_good.ToJson())!.AsObject();
        json.Remove("carriages");
        if (value is not null)
            json["carriages"] = JsonNode.Parse(value);
        Assert.True(Announcement.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out Announcement? read, out _));
        Assert.Equal(expected, read.Carriages);
    }

    [Theory]
    [InlineData(null, UdpOption.DefaultExId)]
    [InlineData("1", 1)]
    [InlineData("65535", 65535)]
    public void TryParse_ExId_IsTheDefaultUnlessToldOtherwise(string? value, int expected)
    {
        JsonObject json = JsonNode.Parse(s_good.ToJson())!.AsObject();
        Assert.Equal(UdpOption.DefaultExId, (int)json["exId"]!);
        json.Remove("exId");
        if (value is not null)
            json["exId"] = JsonNode.Parse(value);
        Assert.True(Announcement.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out Announcement? read, out _));
        Assert.Equal(expected, read.ExId);
    }

    [Theory]
    [InlineData("formatVersion", "2")]
    [InlineData("formatVersion", "null")]
    [InlineData("contextId", "\"00\"")]
    [InlineData("contextId", "7")]
    [InlineData("incarnationId", "\"zz0102030405060708090a0b0c0d0eff\"")]
    [InlineData("sequence", "-1")]
    [InlineData("sequence", "18446744073709551616")]
    [InlineData("sequence", "1.5")]
    [InlineData("notAfterUnixNs", "0")]
    [InlineData("agentName", "null")]
    [InlineData("agentName", "\"\"")]
    [InlineData("agentName", "\"a b\"")]
    [InlineData("agentName", "\"a\\nb\"")]
    [InlineData("agentName", "\"<script>\"")]
    [InlineData("addresses", "null")]
    [InlineData("addresses", "[]")]
    [InlineData("addresses", "[null]")]
    [InlineData("addresses", "[7]")]
    [InlineData("addresses", "\"::1\"")]
    [InlineData("addresses", "[\"192.0.2.1\"]")]
    [InlineData("addresses", "[\"fe80::1%eth0\"]")]
    [InlineData("addresses", "[\"::\"]")]
    [InlineData("addresses", "[\"ff02::1\"]")]
    [InlineData("addresses", "[\"2001:db8::1\",\"2001:0db8::0001\"]")]
    [InlineData("addresses", "[[\"2001:db8::1\"]]")]
    [InlineData("suite", "0")]
    [InlineData("suite", "3")]
    [InlineData("suite", "\"Aes256Gcm\"")]
    [InlineData("timetable", "null")]
    [InlineData("timetable", "{}")]
    [InlineData("timetable", "{\"firstEpoch\":4096,\"firstInstantUnixNs\":1,\"lengthNs\":1000000000,\"count\":1}")]
    [InlineData("timetable", "{\"firstEpoch\":1,\"firstInstantUnixNs\":1,\"lengthNs\":0,\"count\":1}")]
    [InlineData("optionType", "0")]
    [InlineData("optionType", "1")]
    [InlineData("optionType", "15")]
    [InlineData("optionType", "64")]
    [InlineData("optionType", "222")]
    [InlineData("optionType", "256")]
    [InlineData("carriages", "[]")]
    [InlineData("carriages", "[5]")]
    [InlineData("carriages", "[0,0]")]
    [InlineData("carriages", "[null]")]
    [InlineData("carriages", "1")]
    [InlineData("carriages", "null")]
    [InlineData("exId", "0")]
    [InlineData("exId", "65536")]
    [InlineData("exId", "-1")]
    [InlineData("exId", "1.5")]
    [InlineData("exId", "null")]
    [InlineData("exId", "\"504d\"")]
    [InlineData("clockErrorBoundNs", "60000000001")]
    public void TryParse_MemberOutOfRange_IsRefusedWithOneLine(string member, string value)
    {
        JsonObject json = JsonNode.Parse(s_good.ToJson())!.AsObject();
        json[member] = JsonNode.Parse(value);
        AssertRefused(json.ToJsonString());
    }

    [Fact]
    public void TryParse_MemberMissing_IsRefused()
    {
        string[] members =
            [.. JsonNode.Parse(s_good.ToJson())!.AsObject().Select(member => member.Key).Where(key => key is not ("carriages" or "exId"))];
        Assert.All(members, member =>
        {
            JsonObject json = JsonNode.Parse(s_good.ToJson())!.AsObject();
            json.Remove(member);
            AssertRefused(json.ToJsonString());
        });
    }

    [Fact]
    public void TryParse_MemberTwice_IsRefused()
    {
        string json = Encoding.UTF8.GetString(s_good.ToJson());
        AssertRefused(json[..^1] + ",\"sequence\":1}");
    }

    [Fact]
    public void TryParse_MemberUnknown_IsSkipped()
    {
        string json = Encoding.UTF8.GetString(s_good.ToJson());
        Assert.True(Announcement.TryParse(
            Encoding.UTF8.GetBytes(json[..^1] + ",\"later\":[0]}"), out _, out _));
    }

    [Fact]
    public void TryParse_256Addresses_IsTheMost()
    {
        Announcement Named(int count) => s_good with
        {
            Addresses = [.. Enumerable.Range(1, count).Select(i => new Ipv6Address((UInt128)i))],
        };
        Assert.True(Announcement.TryParse(Named(256).ToJson(), out Announcement? read, out _));
        Assert.Equal(256, read.Addresses.Count);
        AssertRefused(Encoding.UTF8.GetString(Named(257).ToJson()));
        Assert.False(Named(257).TryValidate(out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("\u0000")]
    public void TryParse_NotAnAnnouncement_IsRefused(string json) => AssertRefused(json);

    [Fact]
    public void TryValidate_ObjectWithoutAMember_IsRefused()
    {
        foreach (Announcement announcement in new[] { s_good with { AgentName = null! }, s_good with { Addresses = null! }, s_good with { Timetable = null! } })
        {
            Assert.False(announcement.TryValidate(out string? error));
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void TryParse_DeepNesting_IsRefused() => AssertRefused(new string('[', 100_000));

    [Fact]
    public void TryParse_RandomMutations_NeverThrows()
    {
        Random random = new(20250909);
        byte[] good = s_good.ToJson();
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] json = Mutate(good, random);
            bool parsed = Announcement.TryParse(json, out Announcement? announcement, out string? error);
            Assert.Equal(parsed, announcement is not null);
            Assert.Equal(parsed, error is null);
            if (parsed)
                Assert.True(announcement!.TryValidate(out _));
            else
                refused++;
        }
        // Some mutations only change a digit or a name; most must break something.
        Assert.InRange(refused, 10_000, 19_999);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        List<byte> json = [.. good];
        for (int edits = random.Next(1, 5); edits > 0; edits--)
        {
            int at = random.Next(json.Count);
            switch (random.Next(5))
            {
                case 0: json[at] = (byte)random.Next(256); break;
                case 1: json[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: json.RemoveRange(at, Math.Min(random.Next(1, 20), json.Count - at - 1)); break;
                case 3: json.InsertRange(at, json.GetRange(0, random.Next(Math.Min(40, json.Count)))); break;
                default:
                    json.InsertRange(at, Encoding.ASCII.GetBytes(
                        random.NextInt64().ToString(CultureInfo.InvariantCulture)));
                    break;
            }
        }
        return [.. json];
    }

    private static void AssertRefused(string json)
    {
        Assert.False(Announcement.TryParse(Encoding.UTF8.GetBytes(json), out Announcement? announcement, out string? error));
        Assert.Null(announcement);
        Assert.False(string.IsNullOrEmpty(error));
        Assert.DoesNotContain('\n', error);
    }
}
