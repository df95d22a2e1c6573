using System.Text.Json;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>The issuance profiles that clients may choose from (draft-ietf-acme-profiles), and whether an order fits one.</summary>
public sealed class AcmeProfiles(IssuanceProfiles profiles, CertificateAuthority authority, IOptions<AcmeOptions> options, TimeProvider clock) : IDirectoryMeta
{
    public TimeSpan OrderLifetime => options.Value.OrderLifetime;

    /// <summary>Name and description: the directory's <c>meta.profiles</c>. The first is taken when a client chooses none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Offered =>
        [.. options.Value.OfferedProfiles.Select(name => KeyValuePair.Create(name, Describe(profiles.Get(name))))];

    /// <summary>draft-ietf-acme-profiles 3.</summary>
    public void Write(Utf8JsonWriter meta)
    {
        meta.WriteStartObject("profiles");
        foreach (var (name, description) in Offered) meta.WriteString(name, description);
        meta.WriteEndObject();
    }

    /// <exception cref="AcmeException">invalidProfile.</exception>
    public IssuanceProfile Choose(NewOrder asked, string? ofExternalAccount)
    {
        var ofKind = asked.Extension?.DefaultProfile;
        var name = asked.Profile ?? ofExternalAccount ?? ofKind ?? options.Value.OfferedProfiles[0];
        var isOffered = ofExternalAccount is null ? name == ofKind || options.Value.OfferedProfiles.Contains(name, StringComparer.Ordinal) : name == ofExternalAccount;
        return isOffered && profiles.Find(name) is { } profile
            ? profile
            : throw AcmeOrderErrors.InvalidProfile($"The profile is not one that this account may use: {ofExternalAccount ?? string.Join(", ", options.Value.OfferedProfiles)}.");
    }

    /// <summary>RFC 8555 7.4: what is asked for is granted or refused, never changed.</summary>
    /// <exception cref="AcmeException">malformed; rejectedIdentifier.</exception>
    public void RequireFits(IssuanceProfile profile, NewOrder asked)
    {
        if (asked.Identifiers.Count > profile.MaxNames) throw AcmeErrors.Malformed($"The profile {profile.Name} has room for {profile.MaxNames} identifiers.");
        List<AcmeSubproblem> refused = [];
        foreach (var identifier in asked.Identifiers)
        {
            if (!profile.Allows(identifier.Type is AcmeIdentifierType.Dns ? NameType.Dns : NameType.Ip))
                refused.Add(new AcmeSubproblem(AcmeProblemType.UnsupportedIdentifier, $"The profile {profile.Name} certifies no identifiers of this type.", identifier));
        }

        if (refused.Count > 0) throw AcmeOrderErrors.RejectedIdentifiers(refused);
        RequireDates(profile, asked);
    }

    private void RequireDates(IssuanceProfile profile, NewOrder asked)
    {
        if (asked.NotBefore is null && asked.NotAfter is null) return;
        var now = clock.GetUtcNow();
        var begins = asked.NotBefore ?? now;
        var ends = asked.NotAfter ?? now + profile.Validity;
        if (begins < now - TimeSpan.FromDays(1)) throw AcmeErrors.Malformed("notBefore is more than a day ago.");
        if (begins > now + options.Value.OrderLifetime) throw AcmeErrors.Malformed($"notBefore is further ahead than {options.Value.OrderLifetime.TotalDays:0.#} days.");
        if (ends <= begins || ends <= now) throw AcmeErrors.Malformed("notAfter is not after notBefore and now.");
        if (ends - begins > profile.Validity + TimeSpan.FromDays(1)) throw AcmeErrors.Malformed($"Certificates of the profile {profile.Name} are valid for at most {profile.Validity.TotalDays:0.#} days.");
        var last = new DateTimeOffset(authority.ChainOf(profile.Issuer)[0].NotAfter.ToUniversalTime());
        if (asked.NotAfter > last) throw AcmeErrors.Malformed($"The certificate authority itself ends on {last:yyyy-MM-dd}.");
    }

    private static string Describe(IssuanceProfile profile) =>
        $"Valid for {profile.Validity.TotalDays:0.##} days; {string.Join(" and ", profile.NameTypes.Split(',', StringSplitOptions.TrimEntries).Select(type => type.ToUpperInvariant()))} names, at most {profile.MaxNames}.";
}
