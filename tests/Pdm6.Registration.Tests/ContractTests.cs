using System.Text.Json;
using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Tests;

/// <summary>The JSON that participants and registrar agree on.</summary>
public class ContractTests
{
    [Fact]
    public void EnrollmentRequest_WithoutPrefixes_IsRead()
    {
        EnrollmentRequest? request = JsonSerializer.Deserialize(
            """{"token":"t","name":"host-a","role":"endpoint","request":"AQI="}""", RegistrarJson.Default.EnrollmentRequest);

        Assert.Equal(("host-a", null), (request!.Name, request.Prefixes));
        Assert.Equal([1, 2], request.Request);
    }

    [Theory]
    [InlineData("""{"token":"t","name":"a","role":"endpoint"}""")]
    [InlineData("""{"token":null,"name":"a","role":"endpoint","request":"AQI="}""")]
    [InlineData("""{"token":"t","token":"u","name":"a","role":"endpoint","request":"AQI="}""")]
    [InlineData("""{"token":"t","name":"a","role":"endpoint","request":"not base64!"}""")]
    public void EnrollmentRequest_MissingNullTwiceOrNoBase64_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, RegistrarJson.Default.EnrollmentRequest));

    [Fact]
    public void FeedPage_WrittenAndRead_IsTheSame()
    {
        FeedPage page = new(7, true, [new SignedEnvelope([1], [2], [3])], [], ["ab"], true);

        string json = JsonSerializer.Serialize(page, RegistrarJson.Default.FeedPage);

        Assert.Equal(
            """{"version":7,"more":true,"announcements":[{"certificate":"AQ==","body":"Ag==","signature":"Aw=="}],"grants":[],"revoked":["ab"],"analyzersChanged":true}""",
            json);
        Assert.Equal(json, JsonSerializer.Serialize(
            JsonSerializer.Deserialize(json, RegistrarJson.Default.FeedPage)!, RegistrarJson.Default.FeedPage));
    }
}
