namespace Pdm6.Security.Identity;

/// <summary>What a participant of the registration is (draft-15, Registration Participants). The third role, the
/// registrar, has no certificate of this kind: it issues them.</summary>
public enum Role
{
    /// <summary>Sends measurements from the address prefixes of its certificate.</summary>
    Endpoint = 1,
    /// <summary>May be given base secrets.</summary>
    Analyzer = 2,
}
