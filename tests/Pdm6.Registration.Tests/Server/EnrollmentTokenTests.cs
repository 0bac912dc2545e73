using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>The text of tokens.</summary>
public sealed class EnrollmentTokenTests
{
    private static readonly Fingerprint _authority = Fingerprint.Of("authority"u8);

    [Fact]
    public void Token_WrittenAndRead_IsTheSame()
    {
        EnrollmentToken token = EnrollmentToken.Create(_authority);

        Assert.True(EnrollmentToken.TryParse($" {token.ToText()}\n", out EnrollmentToken? read, out _));
        Assert.Equal((token.Id, token.Authority), (read.Id, read.Authority));
        Assert.Equal(token.SecretHash(), read.SecretHash());
        Assert.DoesNotContain(token.ToText().Split('.')[3], token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Token_CutOrChangedAnywhere_IsRefusedOrAnother()
    {
        string text = EnrollmentToken.Create(_authority).ToText();

        for (int length = 0; length < text.Length; length++)
            Assert.False(EnrollmentToken.TryParse(text.AsSpan(0, length), out _, out _));
        for (int i = 0; i < text.Length; i++)
        {
            string changed = text[..i] + '*' + text[(i + 1)..];
            Assert.False(EnrollmentToken.TryParse(changed, out _, out string? error));
            Assert.DoesNotContain(text.Split('.')[3], error, StringComparison.Ordinal);
        }
    }
}
