using System.Runtime.CompilerServices;

namespace Pdm6.Security.Opening;

/// <summary>A pair secret by value.</summary>
[InlineArray(KeyDerivation.SecretSize)]
internal struct PairSecretOctets
{
    private byte _first;
}

/// <summary>A session key by value; shorter keys leave the end 0.</summary>
[InlineArray(Suites.LongestKeySize)]
internal struct SessionKeyOctets
{
    private byte _first;
}

/// <summary>A base nonce by value.</summary>
[InlineArray(Nonce.Size)]
internal struct BaseNonceOctets
{
    private byte _first;
}

/// <summary>What opens the options of one pair in one epoch. Expanded keys are kept for hot pairs only
/// (<see cref="HotKeys"/>): they are ten times as large.</summary>
internal struct SessionSecret
{
    public SessionKeyOctets Key;
    public BaseNonceOctets BaseNonce;
}
