using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>What an owner may delegate: names in namespaces that were approved for the owner, by a template that covers no others, for periods within reason.</summary>
public sealed class DelegationRules(UpstreamBook upstreams, IOptions<StarOptions> star)
{
    /// <summary>Days: three years, as the drafts of the registration interface had it.</summary>
    public const int MostLifetime = 1_095;

    /// <summary>Hours: a year.</summary>
    public const int MostValidity = 8_784;

    private const int MaxNames = 100;

    /// <returns>The terms in their one form: lower case, each name once, the template as it is stored.</returns>
    /// <exception cref="ServiceException">Invalid beside Names, Template, CnameMap, MaxLifetime, MaxValidity or Upstream.</exception>
    public async Task<DelegationTerms> RequireAsync(PortalDbContext db, DelegationTerms terms, Guid ownerId, CancellationToken ct)
    {
        List<string> names = [.. terms.Names.Select(name => name.Trim().TrimEnd('.').ToLowerInvariant()).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        if (names.Count is 0 or > MaxNames) throw DelegationErrors.Field(nameof(terms.Names), $"Name what is delegated: from 1 to {MaxNames} names.");
        foreach (var name in names)
            if (NameSyntax.FindProblem(SubjectAlternativeName.Dns(name)) is { } problem) throw DelegationErrors.Field(nameof(terms.Names), problem);
        await RequireOwnAsync(db, names, ownerId, ct);
        if (terms.MaxLifetime is < 1 or > MostLifetime) throw DelegationErrors.Field(nameof(terms.MaxLifetime), $"From 1 to {MostLifetime} days.");
        if (terms.MaxValidity is < 1 or > MostValidity) throw DelegationErrors.Field(nameof(terms.MaxValidity), $"From 1 to {MostValidity} hours.");
        if (!upstreams.Has(terms.Upstream)) throw DelegationErrors.Field(nameof(terms.Upstream), "There is no such certificate authority here.");
        if (terms.Upstream == UpstreamBook.Local && TimeSpan.FromHours(terms.MaxValidity) < star.Value.MinLifetime)
            throw DelegationErrors.Field(nameof(terms.MaxValidity), $"This portal's own certificates are valid for {star.Value.MinLifetime.TotalHours:0.##} hours at least: allow as much, or choose another certificate authority.");
        return terms with { Names = names, Template = RequireTemplate(terms.Template, names), CnameMap = RequireCnames(terms.CnameMap, names) };
    }

    /// <summary>The namespaces as they are now: one that was withdrawn since takes its names out of every delegation.</summary>
    /// <returns>A name that is in none of the owner's; null: all are.</returns>
    public static async Task<string?> FindForeignAsync(PortalDbContext db, IEnumerable<string> names, Guid ownerId, CancellationToken ct)
    {
        var spaces = await db.AcmeNamespaces.AsNoTracking().Where(claim => claim.OwnerId == ownerId && claim.State == AcmeNamespaceState.Approved).ToListAsync(ct);
        return names.FirstOrDefault(name => !spaces.Exists(space => space.Holds(name)));
    }

    private static async Task RequireOwnAsync(PortalDbContext db, List<string> names, Guid ownerId, CancellationToken ct)
    {
        if (await FindForeignAsync(db, names, ownerId, ct) is { } foreign)
            throw DelegationErrors.Field(nameof(DelegationTerms.Names), $"{foreign} is in no namespace that was approved for you: claim it first.");
    }

    private static string RequireTemplate(string json, List<string> names)
    {
        var reading = CsrTemplateReader.Read(json);
        if (reading.Template is not { } template)
            throw DelegationErrors.Field(nameof(DelegationTerms.Template), string.Join(' ', reading.Findings.Where(finding => finding.Severity is TemplateSeverity.Error).Take(3).Select(finding => $"{finding.Path}: {finding.Text}")));
        return new TemplateNames(template, names).Undelegated is [var undelegated, ..]
            ? throw DelegationErrors.Field(nameof(DelegationTerms.Template), $"The template has {undelegated}, which is not among the names of this delegation.")
            : template.ToJson();
    }

    /// <summary>RFC 9115 2.3.1.3: from delegated names to names of the consumer.</summary>
    private static List<(string Name, string Target)> RequireCnames(IReadOnlyList<(string Name, string Target)> map, List<string> names)
    {
        List<(string Name, string Target)> entries = [.. map.Select(entry => (entry.Name.Trim().TrimEnd('.').ToLowerInvariant(), entry.Target.Trim().TrimEnd('.').ToLowerInvariant()))];
        foreach (var (name, target) in entries)
        {
            if (!names.Contains(name, StringComparer.Ordinal)) throw DelegationErrors.Field(nameof(DelegationTerms.CnameMap), $"{name} is not among the names of this delegation.");
            if (target.StartsWith("*.", StringComparison.Ordinal) || NameSyntax.FindProblem(SubjectAlternativeName.Dns(target)) is not null)
                throw DelegationErrors.Field(nameof(DelegationTerms.CnameMap), $"{target} is not a host name.");
        }

        if (entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw DelegationErrors.Field(nameof(DelegationTerms.CnameMap), $"{twice.Key} has one target.");
        return entries;
    }
}
