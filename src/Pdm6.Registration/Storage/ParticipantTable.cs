using System.Data.Common;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>Statements about participants and their certificates.</summary>
internal static class ParticipantTable
{
    private const string Select =
        "SELECT p.fingerprint, p.name, p.role, p.prefixes, p.state, p.source, p.created_ns, p.last_sequence, p.bundle_sequence, "
        + "c.der, c.not_after_ns FROM participants p LEFT JOIN certificates c ON c.hash = p.certificate_hash";

    /// <summary>Adds one that has no certificate yet.</summary>
    public static void Add(SqlSession sql, StoredParticipant participant) => sql.Execute(
        "INSERT INTO participants (fingerprint, name, role, prefixes, state, source, certificate_hash, created_ns, version, "
        + "last_sequence, bundle_sequence, bundle_certificate_hash, bundle_body, bundle_signature) "
        + "VALUES (@fingerprint, @name, @role, @prefixes, @state, @source, '', @created, 0, 0, 0, '', @empty, @empty)",
        ("fingerprint", participant.Fingerprint.ToString()), ("name", participant.Name),
        ("role", RoleText.Of(participant.Role)), ("prefixes", PrefixText.Of(participant.Prefixes)),
        ("state", StateText(participant.State)), ("source", participant.Source), ("created", participant.CreatedNs),
        ("empty", Array.Empty<byte>()));

    public static StoredParticipant? Find(SqlSession sql, Fingerprint fingerprint) =>
        sql.First($"{Select} WHERE p.fingerprint = @fingerprint", Read, ("fingerprint", fingerprint.ToString()));

    /// <summary>The one that has the name now; a revoked one has it no more.</summary>
    public static StoredParticipant? FindByName(SqlSession sql, string name) =>
        sql.First($"{Select} WHERE p.name = @name AND p.state <> 'revoked'", Read, ("name", name));

    /// <summary>By name.</summary>
    public static List<StoredParticipant> All(SqlSession sql) => sql.Query($"{Select} ORDER BY p.name, p.created_ns", Read);

    /// <summary>Changes what a new decision about a known key changes.</summary>
    public static void Update(SqlSession sql, StoredParticipant participant) => sql.Execute(
        "UPDATE participants SET prefixes = @prefixes, state = @state, source = @source WHERE fingerprint = @fingerprint",
        ("prefixes", PrefixText.Of(participant.Prefixes)), ("state", StateText(participant.State)),
        ("source", participant.Source), ("fingerprint", participant.Fingerprint.ToString()));

    /// <summary>Gives a participant its newest certificate.</summary>
    public static void SetCertificate(SqlSession sql, Fingerprint participant, byte[] certificate, long notAfterNs)
    {
        string hash = AddCertificate(sql, participant, certificate, notAfterNs);
        sql.Execute(
            "UPDATE participants SET state = 'active', certificate_hash = @hash WHERE fingerprint = @fingerprint",
            ("hash", hash), ("fingerprint", participant.ToString()));
    }

    /// <summary>Keeps a certificate; returns its hash.</summary>
    public static string AddCertificate(SqlSession sql, Fingerprint participant, byte[] certificate, long notAfterNs)
    {
        string hash = Fingerprint.Of(certificate).ToString();
        sql.Execute(
            "INSERT INTO certificates (hash, fingerprint, not_after_ns, der) VALUES (@hash, @fingerprint, @end, @der) ON CONFLICT (hash) DO NOTHING",
            ("hash", hash), ("fingerprint", participant.ToString()), ("end", notAfterNs), ("der", certificate));
        return hash;
    }

    /// <summary>Revokes; everybody's feed says so in this version.</summary>
    public static void Revoke(SqlSession sql, Fingerprint participant, long version) => sql.Execute(
        "UPDATE participants SET state = 'revoked', version = @version WHERE fingerprint = @fingerprint",
        ("version", version), ("fingerprint", participant.ToString()));

    public static void SetLastSequence(SqlSession sql, Fingerprint participant, long sequence) => sql.Execute(
        "UPDATE participants SET last_sequence = @sequence WHERE fingerprint = @fingerprint",
        ("sequence", sequence), ("fingerprint", participant.ToString()));

    private static StoredParticipant Read(DbDataReader row) => new()
    {
        Fingerprint = ReadFingerprint(row.GetString(0)),
        Name = row.GetString(1),
        Role = RoleColumn.Read(row.GetString(2)),
        Prefixes = PrefixText.Read(row.GetString(3)),
        State = ReadState(row.GetString(4)),
        Source = row.GetString(5),
        CreatedNs = row.GetInt64(6),
        LastSequence = row.GetInt64(7),
        BundleSequence = row.GetInt64(8),
        Certificate = row.IsDBNull(9) ? [] : row.GetFieldValue<byte[]>(9),
        CertificateEndsNs = row.IsDBNull(10) ? 0 : row.GetInt64(10),
    };

    internal static Fingerprint ReadFingerprint(string text) => Fingerprint.TryParse(text, out Fingerprint fingerprint)
        ? fingerprint
        : throw new InvalidDataException("The store holds a participant whose fingerprint cannot be read.");

    internal static string StateText(ParticipantState state) => state switch
    {
        ParticipantState.Pending => "pending",
        ParticipantState.Approved => "approved",
        ParticipantState.Active => "active",
        ParticipantState.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    private static ParticipantState ReadState(string text) => text switch
    {
        "pending" => ParticipantState.Pending,
        "approved" => ParticipantState.Approved,
        "active" => ParticipantState.Active,
        "revoked" => ParticipantState.Revoked,
        _ => throw new InvalidDataException($"The store holds '{text}' where a participant's state should be."),
    };
}
