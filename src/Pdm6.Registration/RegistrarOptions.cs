using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Server;

namespace Pdm6.Registration;

/// <summary>What a registrar is told before it starts.</summary>
public sealed record RegistrarOptions
{
    /// <summary>The directory that holds the store and, unless named elsewhere, the authority. Mode 0700; made if it is
    /// not there.</summary>
    public required string Data { get; init; }

    /// <summary>Where participants ask, TLS 1.3. Port 0 lets the system choose.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.IPv6Any, RegistrarRoutes.DefaultPort);

    /// <summary>A connection string of PostgreSQL; null for SQLite in the data directory.</summary>
    public string? Database { get; init; }

    /// <summary>The certificate of an operator's authority, a PEM file; null for the one in the data directory, which is
    /// made if it is not there. Goes together with <see cref="AuthorityKey"/>.</summary>
    public string? AuthorityCertificate { get; init; }

    /// <summary>The private key of an operator's authority, a PEM file of mode 0600.</summary>
    public string? AuthorityKey { get; init; }

    /// <summary>DNS names for the listener's own certificate, besides the host's name and <c>localhost</c>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How long certificates of participants are good. They renew at two thirds of it.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long announcements are kept after their end, for captures.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How much one client may ask.</summary>
    public RegistrarRates Rates { get; init; } = new();

    /// <summary>The most connections at a time.</summary>
    public int MostConnections { get; init; } = 20_000;

    /// <summary>Who decides about enrolments without a token; null: nobody.</summary>
    public IEnrollmentJudge? Judge { get; init; }

    /// <summary>The operator's RADIUS servers, which decide about enrolments without a token in place of
    /// <see cref="Judge"/>; null: there are none.</summary>
    public RadiusOptions? Radius { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A commented configuration with every setting at its default.</summary>
    public static string Example => """
        {
          // Holds the store, and the authority's key unless it is named below. Mode 0700.
          "data": "/var/lib/pdm6/registrar",

          // Where participants ask. TLS 1.3.
          "listen": "[::]:8652",

          // PostgreSQL in place of the SQLite file of the data directory. PDM6_REGISTRAR_DATABASE says the same.
          // "database": "Host=/run/postgresql;Database=pdm6;Username=pdm6",

          // An authority of yours in place of the one that is made in the data directory: PEM files, the key 0600.
          // "authorityCertificate": "/etc/pdm6/authority.crt",
          // "authorityKey": "/etc/pdm6/authority.key",

          // Further DNS names of this host.
          "names": [],

          // Participants renew by themselves at two thirds of this.
          "certificateHours": 720,

          // How long announcements are kept after their end, for captures.
          "retentionDays": 90,

          // RADIUS servers that decide about enrolments by password: docs/radius.md. The secret's file has mode 0600.
          // "radius": {
          //   "servers": [{ "address": "[2001:db8::53]:1812", "secretFile": "/etc/pdm6/radius.secret" }],
          //   "disconnectListen": "[::]:3799"
          // }
        }
        """;

    /// <summary>Reads a configuration file: JSON with comments. Relative paths in it are relative to the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RegistrarException">It cannot be read or says something that cannot be.</exception>
    public static RegistrarOptions Load(string path) => ConfigurationFile.Load(path);

    /// <summary>Checks what no single setting shows.</summary>
    /// <exception cref="RegistrarException">Something cannot be; the line says what to do.</exception>
    public void Validate()
    {
        if (AuthorityCertificate is null != AuthorityKey is null)
            throw new RegistrarException("authorityCertificate and authorityKey go together: name both files, or none");
        if (CertificateLifetime < TimeSpan.FromMinutes(10) || CertificateLifetime > TimeSpan.FromDays(398))
            throw new RegistrarException("certificateHours: certificates are good for 1 to 9552 hours");
        if (Retention < TimeSpan.Zero || Retention > TimeSpan.FromDays(3660))
            throw new RegistrarException("retentionDays: keep announcements for 0 to 3660 days");
    }
}
