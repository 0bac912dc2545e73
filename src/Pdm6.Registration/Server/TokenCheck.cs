using System.Security.Cryptography;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Storage;

namespace Pdm6.Registration.Server;

/// <summary>Whether a token lets an applicant in, as a part of a transaction.</summary>
internal static class TokenCheck
{
    /// <summary>The token's words, without regard to whether it can enrol anybody new.</summary>
    public static Decision<StoredToken> Find(StoreTransaction transaction, EnrollmentToken token, Applicant applicant)
    {
        StoredToken? stored = TokenTable.Find(transaction.Sql, token.Id);
        if (stored is null || !CryptographicOperations.FixedTimeEquals(stored.SecretHash, token.SecretHash()))
            return Refusal.Forbidden(
                ErrorCodes.TokenUnknown, "This registrar knows no such token: ask its operator for one ('pdm6 registrar token create').");
        if (stored.RevokedNs != 0)
            return Refusal.Gone(ErrorCodes.TokenRevoked, $"The operator revoked the token {stored.Id}: ask for a new one.");
        if (stored.Role != applicant.Role)
            return Refusal.Forbidden(
                ErrorCodes.WrongRole, $"The token {stored.Id} enrols an {RoleText.Of(stored.Role)}: ask for a token of the other role.");
        return stored;
    }

    /// <summary>Why the token enrols nobody new; null if it does.</summary>
    public static Refusal? NoMore(StoreTransaction transaction, StoredToken token) =>
        token.ExpiresNs <= transaction.NowNs
            ? Refusal.Gone(ErrorCodes.TokenExpired, $"The time of the token {token.Id} has passed: ask the operator for a new one.")
            : token.Used >= token.Uses
                ? Refusal.Gone(ErrorCodes.TokenUsed, $"The token {token.Id} was used already: ask the operator for a new one.")
                : null;
}
