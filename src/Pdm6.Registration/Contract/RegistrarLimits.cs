namespace Pdm6.Registration.Contract;

/// <summary>What a registrar takes and gives at most.</summary>
public static class RegistrarLimits
{
    /// <summary>The longest body of an enrolment or a renewal, octets.</summary>
    public const int LargestRequest = 16 << 10;
    /// <summary>The longest envelope of a key bundle, octets.</summary>
    public const int LargestKeyBundle = 64 << 10;
    /// <summary>The longest envelope of an announcement, octets.</summary>
    public const int LargestAnnouncement = 512 << 10;
    /// <summary>The longest list of grants, octets.</summary>
    public const int LargestGrants = 1 << 20;
    /// <summary>The most grants in one request.</summary>
    public const int MostGrants = 256;
    /// <summary>The most prefixes of one participant.</summary>
    public const int MostPrefixes = 64;
    /// <summary>The longest page that is sent, octets; one envelope more may go over it.</summary>
    public const int LargestPage = 4 << 20;
    /// <summary>The longest time that a feed may wait, seconds.</summary>
    public const int LongestWaitSeconds = 60;
    /// <summary>The deepest nesting of a body.</summary>
    public const int DeepestJson = 8;
}
