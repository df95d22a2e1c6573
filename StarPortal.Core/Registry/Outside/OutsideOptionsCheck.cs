using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Registry;

/// <summary>Says at start what of <c>Registry:Outside</c> can't work, and what to write instead.</summary>
internal sealed class OutsideOptionsCheck : IValidateOptions<RegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistryOptions options)
    {
        List<string> failures = [.. Find(options.Outside)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Select(failure => $"Registry:Outside:{failure}"));
    }

    private static IEnumerable<string> Find(OutsideOptions outside)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(outside, new ValidationContext(outside), results, validateAllProperties: true);
        foreach (var result in results) yield return $"{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}";
        if (!outside.IsConfigured) yield break;
        if (!IsUrl(outside.Url!)) yield return "Url is https, or http on this machine, without a query and a fragment.";
        if (OutsideSecret.FindProblem(outside.SecretFile) is { } secret) yield return $"SecretFile {secret}.";
        if (outside.RootsFile is { } roots && !CanRead(roots)) yield return $"RootsFile {roots} cannot be read as PEM.";
    }

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Query: "", Fragment: "", UserInfo: "" } && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private static bool CanRead(string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots.Count > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}
