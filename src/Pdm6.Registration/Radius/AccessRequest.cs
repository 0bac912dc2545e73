using System.Security.Cryptography;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Radius;

/// <summary>Writes the Access-Request about a participant.</summary>
internal static class AccessRequest
{
    /// <summary>NAS-Port-Type Virtual, RFC 2865 section 5.41: nobody is plugged in anywhere.</summary>
    private const uint VirtualPort = 5;

    /// <summary>Writes a request with a fresh identifier and a fresh authenticator.</summary>
    public static byte[] Write(RadiusQuestion question, ReadOnlySpan<byte> password, RadiusOptions options, RadiusSecret secret)
    {
        Span<byte> fresh = stackalloc byte[1 + RadiusPacketView.AuthenticatorSize];
        RandomNumberGenerator.Fill(fresh);
        return Write(question, password, options, secret, fresh[0], fresh[1..]);
    }

    /// <summary>Writes a request with these.</summary>
    public static byte[] Write(
        RadiusQuestion question, ReadOnlySpan<byte> password, RadiusOptions options, RadiusSecret secret,
        byte identifier, ReadOnlySpan<byte> authenticator)
    {
        RadiusPacketWriter writer = new(stackalloc byte[RadiusPacketView.LargestSize], RadiusCode.AccessRequest, identifier, authenticator);
        writer.Add(RadiusAttributeType.UserName, question.Name);
        writer.AddPassword(password, secret);
        writer.Add(RadiusAttributeType.ServiceType, options.ServiceType);
        writer.Add(RadiusAttributeType.NasIdentifier, options.NasIdentifier);
        writer.Add(RadiusAttributeType.NasPortType, VirtualPort);
        writer.Add(RadiusAttributeType.CallingStationId, question.Caller.ToString());
        writer.Add(RadiusAttributeType.CalledStationId, RadiusWords.Of(question.Role));
        return writer.FinishAccessRequest(secret).ToArray();
    }
}
