using System.Collections.Frozen;

namespace StarPortal.Core.Authority;

/// <summary>Every finding that the authority's checks can make, with its severity unless a profile says otherwise.</summary>
public static class FindingCodes
{
    public const string KeyUnreadable = "key.unreadable";
    public const string KeyRsaTooSmall = "key.rsa-too-small";
    public const string KeyRsaTooLarge = "key.rsa-too-large";
    public const string KeyRsaExponent = "key.rsa-exponent";
    public const string KeyRsaOddSize = "key.rsa-odd-size";
    public const string KeyCurve = "key.curve";
    public const string KeyPoint = "key.point";
    public const string KeyRoca = "key.roca";
    public const string KeyClosePrimes = "key.close-primes";
    public const string KeySmallFactor = "key.small-factor";
    public const string KeyKnownWeak = "key.known-weak";
    public const string KeyOfAnother = "key.of-another";
    public const string KeyRevokedAsCompromised = "key.compromised";
    public const string KeyReused = "key.reused";

    public const string NameMissing = "name.missing";
    public const string NameUnsafe = "name.unsafe-character";
    public const string NameNotAscii = "name.not-ascii";
    public const string NameCommonNameNotListed = "name.common-name-not-listed";
    public const string NameTooLong = "name.too-long";
    public const string NameRepeated = "name.repeated-attribute";
    public const string SubjectOfAnother = "name.subject-of-another";

    public const string SanType = "san.type-not-allowed";
    public const string SanTooMany = "san.too-many";
    public const string SanMissing = "san.missing";
    public const string SanDuplicate = "san.duplicate";
    public const string SanMalformed = "san.malformed";
    public const string SanWildcard = "san.wildcard";
    public const string SanSingleLabel = "san.single-label";

    public const string CertificateProfile = "certificate.profile";
    public const string CertificateValidity = "certificate.validity";
    public const string CertificateShortened = "certificate.shortened";
    public const string CertificateMyProxy = "certificate.myproxy";

    public const string RequestIgnored = "request.ignored";

    private static readonly FrozenDictionary<string, FindingSeverity> Defaults = new Dictionary<string, FindingSeverity>
    {
        [KeyUnreadable] = FindingSeverity.Block,
        [KeyRsaTooSmall] = FindingSeverity.Block,
        [KeyRsaTooLarge] = FindingSeverity.Block,
        [KeyRsaExponent] = FindingSeverity.Block,
        [KeyRsaOddSize] = FindingSeverity.Acknowledge,
        [KeyCurve] = FindingSeverity.Block,
        [KeyPoint] = FindingSeverity.Block,
        [KeyRoca] = FindingSeverity.Block,
        [KeyClosePrimes] = FindingSeverity.Block,
        [KeySmallFactor] = FindingSeverity.Block,
        [KeyKnownWeak] = FindingSeverity.Block,
        [KeyOfAnother] = FindingSeverity.Block,
        [KeyRevokedAsCompromised] = FindingSeverity.Block,
        [KeyReused] = FindingSeverity.Inform,
        [NameMissing] = FindingSeverity.Block,
        [NameUnsafe] = FindingSeverity.Block,
        [NameNotAscii] = FindingSeverity.Acknowledge,
        [NameCommonNameNotListed] = FindingSeverity.Block,
        [NameTooLong] = FindingSeverity.Block,
        [NameRepeated] = FindingSeverity.Acknowledge,
        [SubjectOfAnother] = FindingSeverity.Block,
        [SanType] = FindingSeverity.Block,
        [SanTooMany] = FindingSeverity.Block,
        [SanMissing] = FindingSeverity.Block,
        [SanDuplicate] = FindingSeverity.Block,
        [SanMalformed] = FindingSeverity.Block,
        [SanWildcard] = FindingSeverity.Block,
        [SanSingleLabel] = FindingSeverity.Acknowledge,
        [CertificateProfile] = FindingSeverity.Block,
        [CertificateValidity] = FindingSeverity.Block,
        [CertificateShortened] = FindingSeverity.Inform,
        [CertificateMyProxy] = FindingSeverity.Block,
        [RequestIgnored] = FindingSeverity.Inform,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Defaults.Keys;

    /// <summary>A finding with the severity that the profile, or else the built-in table, gives it.</summary>
    internal static Finding Find(this IssuanceProfile profile, string code, string message, string? field = null) =>
        new(code, profile.LintSeverities.TryGetValue(code, out var severity) ? severity : Defaults[code], message, field);
}
