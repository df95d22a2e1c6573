using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.MyProxy;

/// <summary>Says at start what of <c>MyProxy</c> can't work, by the entry's name, and what to write instead.</summary>
internal sealed partial class MyProxyOptionsCheck : IValidateOptions<MyProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, MyProxyOptions options)
    {
        List<string> failures =
        [
            .. options.Policies.FindBadPatterns().Select(bad => $"MyProxy:Policies:{bad.Entry} is \"{bad.Pattern}\", which is no pattern of names: see docs/myproxy.md, Policies."),
            .. FindInMirror(options.Mirror).Select(failure => $"MyProxy:Mirror:{failure}"),
        ];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> FindInMirror(MirrorOptions mirror)
    {
        if (mirror.Name is { } own && !SiteName().IsMatch(own)) yield return $"Name is \"{own}\": one has up to 60 small letters, digits, dots and hyphens.";
        if (mirror.Directory is { Length: > 0 } directory && !Path.IsPathFullyQualified(directory)) yield return $"Directory is \"{directory}\": write the whole path.";
        foreach (var (name, site) in mirror.Sites)
        {
            foreach (var failure in Attributes(name, site).Concat(FindInSite(name, site))) yield return $"Sites:{name}: {failure}";
        }

        foreach (var (name, source) in mirror.Accept)
        {
            foreach (var failure in Attributes(name, source).Concat(FindInSecret(source.SecretFile))) yield return $"Accept:{name}: {failure}";
        }
    }

    private static IEnumerable<string> Attributes(string name, object options)
    {
        if (!SiteName().IsMatch(name)) yield return "a name has up to 60 small letters, digits, dots and hyphens.";
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results) yield return result.ErrorMessage!;
    }

    private static IEnumerable<string> FindInSite(string name, MirrorSiteOptions site)
    {
        if (name is MirrorSites.DirectoryName) yield return $"the name '{name}' is the directory's.";
        if (site.Url.Length > 0 && !(Uri.TryCreate(site.Url, UriKind.Absolute, out var url) && url is { Scheme: "https", Query: "", Fragment: "", UserInfo: "" })) yield return "Url begins with https:// and has neither a user nor a query.";
        if (site.RootsFile is { } file && !CanReadRoots(file)) yield return $"RootsFile {file} cannot be read as PEM.";
        foreach (var failure in FindInSecret(site.SecretFile)) yield return failure;
    }

    private static IEnumerable<string> FindInSecret(string file)
    {
        if (file.Length > 0 && MirrorSecret.TryRead(file, out var problem) is null) yield return $"SecretFile {problem}";
    }

    private static bool CanReadRoots(string file)
    {
        try
        {
            return MirrorSites.ReadRoots(file).Count > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?\z", RegexOptions.None, 1000)]
    private static partial Regex SiteName();
}
