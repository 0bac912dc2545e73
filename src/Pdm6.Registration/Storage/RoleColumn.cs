using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>The role in a row.</summary>
internal static class RoleColumn
{
    /// <exception cref="InvalidDataException">The store is damaged.</exception>
    public static Role Read(string text) => RoleText.TryParse(text, out Role role)
        ? role
        : throw new InvalidDataException($"The store holds '{text}' where a role should be.");
}
