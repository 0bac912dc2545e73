using System.Net;

namespace Pdm6.Registration.Radius;

/// <summary>A RADIUS server of the operator.</summary>
/// <param name="EndPoint">Where it answers Access-Requests. Disconnect-Requests are taken from its address, any port.</param>
/// <param name="Secret">What it and this registrar share.</param>
public sealed record RadiusServer(IPEndPoint EndPoint, RadiusSecret Secret);
