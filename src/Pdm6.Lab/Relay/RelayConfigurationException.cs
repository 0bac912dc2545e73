namespace Pdm6.Lab;

/// <summary>A relay's configuration cannot be used; the message says what to change.</summary>
public sealed class RelayConfigurationException(string message) : LaboratoryException(message);
