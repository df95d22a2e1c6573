using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>What a single attribute cannot say about section <c>Acme</c>.</summary>
internal sealed class OrderOptionsCheck(IssuanceProfiles profiles, IHostEnvironment environment) : IValidateOptions<AcmeOptions>
{
    public ValidateOptionsResult Validate(string? name, AcmeOptions options)
    {
        List<string> problems = [.. Find(options)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Find(AcmeOptions options)
    {
        foreach (var profile in options.Profiles.Where(profile => profiles.Find(profile)?.Issuer != Issuers.Servers))
            yield return $"Acme:Profiles: there is no issuance profile '{profile}' of the issuer {Issuers.Servers}.";
        foreach (var space in options.Namespaces)
        {
            var suffix = space.Suffix.TrimStart('*').TrimStart('.').ToLowerInvariant();
            if (NameSyntax.FindProblem(SubjectAlternativeName.Dns(suffix)) is not null) yield return $"Acme:Namespaces: '{space.Suffix}' is not a domain.";
            if (space.Challenge == "waived" && environment.IsProduction() && !options.AllowWaivedNamespaces)
                yield return $"Acme:Namespaces: {space.Suffix} needs no challenges, which in Production has to be allowed by Acme:AllowWaivedNamespaces.";
        }

        if (options.Validation.Timeout >= options.ValidationTimeout)
            yield return $"Acme:Validation:Timeout ({options.Validation.Timeout:c}) has to be shorter than Acme:ValidationTimeout ({options.ValidationTimeout:c}), or nobody learns what a validation waited for.";

        List<ValidationResult> limits = [];
        if (!Validator.TryValidateObject(options.RateLimits, new ValidationContext(options.RateLimits), limits, validateAllProperties: true))
            foreach (var limit in limits) yield return $"Acme:RateLimits: {limit.ErrorMessage}";
    }
}
