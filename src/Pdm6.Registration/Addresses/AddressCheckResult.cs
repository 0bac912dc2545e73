namespace Pdm6.Registration.Addresses;

/// <summary>What an address check found.</summary>
public enum AddressCheckResult
{
    /// <summary>The owner answered from the address.</summary>
    Confirmed,
    /// <summary>Nobody answered: the owner's agent is not running, or a firewall drops UDP port 8651.</summary>
    NoAnswer,
    /// <summary>Somebody answered from the address who is not the owner.</summary>
    AnotherIdentity,
}
