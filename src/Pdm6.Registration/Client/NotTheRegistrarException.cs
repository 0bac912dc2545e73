using System.Security.Authentication;

namespace Pdm6.Registration.Client;

/// <summary>A server that is not to be believed. Leaves the TLS handshake before anything is sent. The message says why,
/// and what to do.</summary>
internal sealed class NotTheRegistrarException(string message) : AuthenticationException(message);
