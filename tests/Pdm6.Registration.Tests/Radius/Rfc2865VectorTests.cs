using Pdm6.Registration.Radius;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Tests.Radius;

/// <summary>The exchanges of RFC 2865 section 7; all have the shared secret "xyzzy5461". They are older than
/// Message-Authenticator.</summary>
public sealed class Rfc2865VectorTests : IDisposable
{
    private const string Request1 =
        "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003";
    private const string Answer1 = "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103";
    private const string Request2 =
        "010100472aee86f08d0d55969ca5978e0d3367a20108666c6f707379031316e97557c316185895f293ff634407727504"
        + "06c0a80110050600000014060600000002070600000001";
    private const string Answer2 =
        "0201003815efbc7dab26cfa3dc34d9c03c8601a40606000000020706000000010806fffffffe0a06000000020d06000000010c06000005dc";
    private const string Request3 =
        "01020039f3a47a1f6a6d76710b947ab93041a03901076d6f707379021233657573778289b570885e15084825c50406c0a80110050600000007";
    private const string Answer3 =
        "0b02004e36f3c8764ae8c71157403c0c71ff9c4512304368616c6c656e67652033323736393433302e2020456e74657220726573706f6e7365"
        + "2061742070726f6d70742e180a3332373639343330";
    private const string Request4 =
        "01030043b122556d428a13d0d6253807c457ecf001076d6f7073790212692c1f205fc081b919b95195f561a5810406c0a80110050600000007"
        + "180a3332373639343330";
    private const string Answer4 = "03030014a42f4fca45916c4e09c8340f9e746aa0";

    private readonly RadiusSecret _secret = RadiusSecret.Of("xyzzy5461"u8);

    public void Dispose() => _secret.Dispose();

    [Theory]
    [InlineData(Request1, Answer1)]
    [InlineData(Request2, Answer2)]
    [InlineData(Request3, Answer3)]
    [InlineData(Request4, Answer4)]
    public void Digest_OfAnAnswerUnderTheRequestsAuthenticator_IsTheAnswersAuthenticator(string request, string answer)
    {
        byte[] sent = Octets(request), received = Octets(answer);
        byte[] digest = new byte[16];
        byte[] underRequest = [.. received[..4], .. sent[4..20], .. received[20..]];

        PacketAuthentication.Digest(underRequest, _secret, digest);

        Assert.Equal(received[4..20], digest);
        Assert.Equal(sent[1], received[1]);
    }

    [Theory]
    [InlineData(Request1, "arctangent")]
    [InlineData(Request3, "challenge")]
    [InlineData(Request4, "99101462")]
    public void Hide_ThePasswordOfTheVector_GivesItsUserPassword(string request, string password)
    {
        byte[] sent = Octets(request);
        byte[] hidden = new byte[PasswordHiding.LargestPassword];

        int size = PasswordHiding.Hide(System.Text.Encoding.ASCII.GetBytes(password), _secret, sent.AsSpan(4, 16), hidden);

        Assert.Equal(16, size);
        Assert.Equal(ValueOf(sent, RadiusAttributeType.UserPassword), hidden[..size]);
    }

    [Theory]
    [InlineData(Request1, 1, 4)]
    [InlineData(Answer1, 2, 3)]
    [InlineData(Request2, 1, 6)]
    [InlineData(Answer2, 2, 6)]
    [InlineData(Request3, 1, 4)]
    [InlineData(Answer3, 11, 2)]
    [InlineData(Request4, 1, 5)]
    [InlineData(Answer4, 3, 0)]
    public void TryRead_EachPacket_FindsItsAttributes(string packet, int code, int attributes)
    {
        Assert.True(RadiusPacketView.TryRead(Octets(packet), out RadiusPacketView view));

        Assert.Equal(code, (int)view.Code);
        int count = 0;
        RadiusAttributeReader reader = view.Attributes;
        while (reader.TryReadNext(out _, out _))
            count++;
        Assert.Equal(attributes, count);
    }

    [Fact]
    public void AnswerWithoutMessageAuthenticator_OfTheVector_IsNotBelieved() => Assert.Equal(
        AnswerStatus.NoMessageAuthenticator, AnswerReader.Read(Octets(Answer1), Octets(Request1), _secret, out _));

    private static byte[] Octets(string hex) => Convert.FromHexString(hex);

    private static byte[] ValueOf(byte[] packet, RadiusAttributeType wanted)
    {
        Assert.True(RadiusPacketView.TryRead(packet, out RadiusPacketView view));
        RadiusAttributeReader reader = view.Attributes;
        while (reader.TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value))
            if (type == wanted)
                return value.ToArray();
        throw new InvalidOperationException($"The packet has no {wanted}.");
    }
}
