namespace Pdm6.Security.Schedule;

/// <summary>Who proves what (RFC 9180, section 5). The octet enters every key.</summary>
internal enum HpkeMode : byte
{
    Base = 0,
    Psk = 1,
    Auth = 2,
    AuthPsk = 3,
}
