using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Identities;

/// <summary>
/// The HPKE keys of a directory and what others know of them. Every step is durable before the next: a key is on the disk
/// before anybody hears of it, and a sequence before it is used.
/// </summary>
/// <param name="files">The directory, locked by the caller.</param>
internal sealed class KeyRing(IdentityFiles files)
{
    private const ulong KeptNs = IdentityDirectory.EndpointsKeepRetiredHours * 3_600_000_000_000ul;
    private const HpkeKem Kem = HpkeKem.DhkemP256HkdfSha256;

    /// <summary>Makes the first key, if there is none; one that a killed process made is taken.</summary>
    public KeyRingRecord Ensure()
    {
        if (files.HasKeyRing)
            return files.ReadKeyRing();
        KeyRingRecord first = new(
            KeyRingRecord.CurrentFormatVersion, files.HpkeKeyIds().FirstOrDefault() ?? NewKey(), 0, null, 0, []);
        files.WriteKeyRing(first);
        return first;
    }

    /// <summary>Puts a new key in place of the current one, which is kept to open what was sealed to it.</summary>
    public KeyRingRecord Rotate(ulong nowUnixNs)
    {
        KeyRingRecord before = files.ReadKeyRing();
        KeyRingRecord after = before with
        {
            Current = NewKey(),
            Retired = [.. before.Retired, new RetiredKeyRecord(before.Current, nowUnixNs)],
        };
        files.WriteKeyRing(after);
        return after;
    }

    /// <summary>Takes a sequence for a bundle, higher than all before it even if the clock was set back.</summary>
    public KeyRingRecord NextBundle(ulong nowUnixNs)
    {
        KeyRingRecord before = files.ReadKeyRing();
        KeyRingRecord after = before with { Sequence = Math.Max(before.Sequence + 1, nowUnixNs) };
        files.WriteKeyRing(after);
        return after;
    }

    /// <summary>Notes that the registrar took a bundle.</summary>
    public void MarkPublished(KeyRingRecord bundle, ulong nowUnixNs)
    {
        KeyRingRecord now = files.ReadKeyRing();
        files.WriteKeyRing(now with { Published = bundle.Current, PublishedAtUnixNs = nowUnixNs });
    }

    /// <summary>Removes the keys to which nothing can be sealed any more.</summary>
    public void RemoveOutlived(Role role, ulong nowUnixNs)
    {
        if (role != Role.Endpoint)
            return;
        KeyRingRecord before = files.ReadKeyRing();
        RetiredKeyRecord[] outlived = [.. before.Retired.Where(key => key.RetiredAtUnixNs + KeptNs < nowUnixNs)];
        if (outlived.Length == 0)
            return;
        foreach (RetiredKeyRecord key in outlived)
            files.RemoveHpkeKey(key.KeyId);
        files.WriteKeyRing(before with { Retired = [.. before.Retired.Except(outlived)] });
    }

    private string NewKey()
    {
        using HpkePrivateKey key = HpkePrivateKey.Generate(Kem);
        files.WriteHpkeKey(key);
        return key.PublicKey.KeyId.ToString();
    }
}
