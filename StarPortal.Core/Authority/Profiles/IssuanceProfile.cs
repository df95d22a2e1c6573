using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// What a kind of certificate looks like and who may be in it. Five are built in (person, officer, host, star, grid-host);
/// <c>Authority:Profiles:{name}</c> changes them or adds others. Lists are written with commas, so that a setting replaces the default.
/// </summary>
public sealed class IssuanceProfile
{
    /// <summary>The configuration key.</summary>
    public string Name { get; internal set; } = "";

    /// <summary><c>people</c> or <c>servers</c>.</summary>
    [Required, AllowedValues(Issuers.People, Issuers.Servers)]
    public string Issuer { get; set; } = Issuers.People;

    /// <summary>Whether a CA that is not ours signs them (<see cref="ExternalAuthority"/>): ours then never does. Only for profiles of <c>people</c>.</summary>
    public bool External { get; set; }

    /// <summary>
    /// Root first, with {base}, {fullName}, {uniqueSuffix}, {organisation}, {userName}, {email}, or {dnsName}; an attribute whose placeholders are all
    /// empty is left out. Empty: no subject, and subjectAltName is critical.
    /// </summary>
    public string SubjectTemplate { get; set; } = "{base}, O={organisation}, CN={fullName} {uniqueSuffix}";

    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Validity { get; set; } = TimeSpan.FromDays(395);

    /// <summary>KeyEncipherment is left out for EC keys, which cannot encipher (RFC 5480 3).</summary>
    public X509KeyUsageFlags KeyUsages { get; set; } = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;

    /// <summary>Extended key usages by name (clientAuth, serverAuth, emailProtection, codeSigning) or OID, with commas between.</summary>
    public string ExtendedKeyUsages { get; set; } = "clientAuth, emailProtection";

    /// <summary>Which subject alternative names may be asked for: Dns, Ip, Email, Uri, with commas between.</summary>
    public string NameTypes { get; set; } = "Email";

    [Range(0, 1000)]
    public int MaxNames { get; set; } = 3;

    /// <summary>Whether DNS names may start with <c>*.</c></summary>
    public bool AllowWildcards { get; set; }

    public KeyPolicy KeyPolicy { get; set; } = new();

    /// <summary>The kind of key that the portal makes for people who leave that to it.</summary>
    public KeyAlgorithm PortalKey { get; set; } = KeyAlgorithm.Rsa2048;

    /// <summary>OID of a certificate policy to name in certificates; none by default.</summary>
    public string? PolicyOid { get; set; }

    /// <summary>Severity by finding code (see <see cref="FindingCodes"/>), where it shall differ from the built-in one.</summary>
    public Dictionary<string, FindingSeverity> LintSeverities { get; set; } = [];

    internal SubjectTemplate ParsedTemplate { get; set; } = Authority.SubjectTemplate.Parse("", DistinguishedName.Empty);

    /// <summary>The subject of a certificate for these people or hosts. Values are folded to ASCII and never read as syntax.</summary>
    /// <exception cref="ServiceException">Invalid, with the field (FullName, Organisation, UserName, Email) that cannot stand in a name.</exception>
    public DistinguishedName RenderSubject(SubjectFields fields) => ParsedTemplate.Render(fields, "");

    /// <summary>The subject of a host's certificate: {dnsName} is the first DNS name that fits a common name, if any.</summary>
    /// <exception cref="ServiceException">Invalid, field Names: the name cannot stand in a subject.</exception>
    public DistinguishedName RenderSubject(IEnumerable<SubjectAlternativeName> names) =>
        ParsedTemplate.Render(null, names.FirstOrDefault(name => name is { Type: NameType.Dns, Value.Length: <= 64 })?.Value ?? "");

    public bool Allows(NameType type) => SplitList(NameTypes).Contains(type.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The attributes that every subject starts with: the template's first ones without a placeholder.</summary>
    internal DistinguishedName SubjectStart => ParsedTemplate.FixedStart;

    /// <summary>Whether its certificates may be shown to a server.</summary>
    internal bool IsForClients => ExtendedKeyUsageOids.Count == 0 || ExtendedKeyUsageOids.Contains(Authority.ExtendedKeyUsages.ClientAuth, StringComparer.Ordinal);

    internal IReadOnlyList<string> ExtendedKeyUsageOids => [.. SplitList(ExtendedKeyUsages).Select(Authority.ExtendedKeyUsages.OidOf)];

    internal static string[] SplitList(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
