using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>The built-in profiles with what <c>Authority:Profiles</c> says about them, and those that it adds. Read once, at start.</summary>
public sealed class IssuanceProfiles
{
    public const string Person = "person";
    public const string Officer = "officer";
    public const string Host = "host";
    public const string Star = "star";

    /// <summary>Servers that grid clients talk to, and that talk to each other as clients.</summary>
    public const string GridHost = "grid-host";

    private readonly FrozenDictionary<string, IssuanceProfile> profiles;

    /// <exception cref="OptionsValidationException">A profile cannot be used; the message says which and why.</exception>
    public IssuanceProfiles(IConfiguration configuration, IOptions<AuthorityOptions> options)
    {
        var all = Defaults().ToDictionary(profile => profile.Name, StringComparer.Ordinal);
        foreach (var section in configuration.GetSection($"{AuthorityOptions.Section}:Profiles").GetChildren())
        {
            if (!all.TryGetValue(section.Key, out var profile)) all[section.Key] = profile = new IssuanceProfile { Name = section.Key };
            section.Bind(profile, binder => binder.ErrorOnUnknownConfiguration = true);
        }

        foreach (var profile in all.Values) Prepare(profile, options.Value.BaseName);
        profiles = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IEnumerable<IssuanceProfile> All => profiles.Values.OrderBy(profile => profile.Name, StringComparer.Ordinal);

    public IssuanceProfile? Find(string name) => profiles.GetValueOrDefault(name);

    /// <exception cref="ServiceException">Invalid: no such profile.</exception>
    public IssuanceProfile Get(string name) => Find(name) ?? throw AuthorityErrors.UnknownProfile(name);

    private static IEnumerable<IssuanceProfile> Defaults() =>
    [
        new() { Name = Person },
        new() { Name = Officer, KeyPolicy = new KeyPolicy { MinRsaBits = 3072 }, PortalKey = KeyAlgorithm.Rsa3072 },
        new()
        {
            Name = Host, Issuer = Issuers.Servers, SubjectTemplate = "CN={dnsName}", Validity = TimeSpan.FromDays(365), ExtendedKeyUsages = "serverAuth",
            NameTypes = "Dns, Ip", MaxNames = 100, PortalKey = KeyAlgorithm.EcdsaP256,
        },
        new()
        {
            Name = Star, Issuer = Issuers.Servers, SubjectTemplate = "CN={dnsName}", Validity = TimeSpan.FromDays(7), ExtendedKeyUsages = "serverAuth",
            NameTypes = "Dns, Ip", MaxNames = 100, AllowWildcards = true, PortalKey = KeyAlgorithm.EcdsaP256,
        },
        new()
        {
            Name = GridHost, Issuer = Issuers.Servers, SubjectTemplate = "{base}, CN={dnsName}", Validity = TimeSpan.FromDays(365),
            ExtendedKeyUsages = "serverAuth, clientAuth", NameTypes = "Dns, Ip", MaxNames = 10, PortalKey = KeyAlgorithm.Rsa2048,
        },
    ];

    private static void Prepare(IssuanceProfile profile, string baseName)
    {
        List<ValidationResult> problems = [];
        Validator.TryValidateObject(profile, new ValidationContext(profile), problems, validateAllProperties: true);
        Validator.TryValidateObject(profile.KeyPolicy, new ValidationContext(profile.KeyPolicy), problems, validateAllProperties: true);
        if (profile.KeyUsages is X509KeyUsageFlags.None) problems.Add(new ValidationResult("KeyUsages is empty."));
        if (profile.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign) || profile.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign))
            problems.Add(new ValidationResult("KeyUsages may not hold KeyCertSign or CrlSign: profiles are for end entities."));
        if (profile is { External: true, Issuer: not Issuers.People }) problems.Add(new ValidationResult("External is for profiles of the issuer people only."));
        problems.AddRange(FindBadWords(profile).Select(problem => new ValidationResult(problem)));
        try
        {
            profile.ParsedTemplate = SubjectTemplate.Parse(profile.SubjectTemplate, DistinguishedName.Parse(baseName));
        }
        catch (ServiceException error)
        {
            problems.Add(new ValidationResult($"SubjectTemplate: {error.Message}"));
        }

        if (problems.Count > 0)
            throw new OptionsValidationException(profile.Name, typeof(IssuanceProfile), problems.Select(problem => $"Authority:Profiles:{profile.Name}: {problem.ErrorMessage}"));
    }

    private static IEnumerable<string> FindBadWords(IssuanceProfile profile)
    {
        foreach (var type in IssuanceProfile.SplitList(profile.NameTypes).Where(type => !Enum.TryParse<NameType>(type, ignoreCase: true, out _)))
            yield return $"NameTypes: '{type}' is none of Dns, Ip, Email, Uri.";
        foreach (var oid in profile.ExtendedKeyUsageOids.Append(profile.PolicyOid ?? "2.5.29.32.0").Where(oid => !IsOid(oid)))
            yield return $"'{oid}' is neither the name of an extended key usage nor an OID.";
        foreach (var code in profile.LintSeverities.Keys.Where(code => !FindingCodes.All.Contains(code)))
            yield return $"LintSeverities: there is no finding called '{code}'.";
    }

    private static bool IsOid(string text)
    {
        try
        {
            var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
            writer.WriteObjectIdentifier(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
