using System.Net;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Radius;

/// <summary>What is asked about a participant.</summary>
/// <param name="Name">Its name: User-Name.</param>
/// <param name="Role">What it wants to be: Called-Station-Id, <c>pdm6:endpoint</c> or <c>pdm6:analyzer</c>.</param>
/// <param name="Caller">Where it calls from: Calling-Station-Id.</param>
internal sealed record RadiusQuestion(string Name, Role Role, IPAddress Caller);
