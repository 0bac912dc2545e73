namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>Revokes the participant of this name, for good.</summary>
/// <param name="name">Whom.</param>
/// <param name="reason">For the audit log; may be empty.</param>
/// <param name="cancellation">Gives up.</param>
/// <returns><see cref="ErrorCause.None"/> when it is durable, and if it was revoked before;
/// <see cref="ErrorCause.SessionContextNotFound"/> if nobody has the name; <see cref="ErrorCause.ResourcesUnavailable"/> if
/// the store cannot do it now.</returns>
internal delegate Task<ErrorCause> RevokeParticipant(string name, string reason, CancellationToken cancellation);
