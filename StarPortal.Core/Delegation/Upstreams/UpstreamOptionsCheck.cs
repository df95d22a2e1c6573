using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Delegation;

/// <summary>Says at start what of <c>Delegation:Upstreams</c> can't work, and what to write instead.</summary>
internal sealed class UpstreamOptionsCheck : IValidateOptions<DelegationOptions>
{
    public ValidateOptionsResult Validate(string? name, DelegationOptions options)
    {
        List<string> failures = [.. options.Upstreams.SelectMany(upstream => Find(upstream.Key, upstream.Value).Select(failure => $"Delegation:Upstreams:{upstream.Key}: {failure}"))];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Find(string name, UpstreamOptions upstream)
    {
        if (name is UpstreamBook.Local) yield return $"the name '{UpstreamBook.Local}' is this portal's own CA.";
        if (name.Length > 40) yield return "a name has 40 characters at most.";
        List<ValidationResult> results = [];
        Validator.TryValidateObject(upstream, new ValidationContext(upstream), results, validateAllProperties: true);
        foreach (var result in results) yield return result.ErrorMessage!;
        if (results.Count > 0) yield break;
        if (!upstream.Directory.StartsWith("https://", StringComparison.Ordinal)) yield return "Directory begins with https://.";
        if (upstream.RootsFile is { } file && !CanRead(file)) yield return $"RootsFile {file} cannot be read as PEM.";
        if ((upstream.ExternalAccountKeyId is null) != (upstream.ExternalAccountMacKey is null)) yield return "ExternalAccountKeyId and ExternalAccountMacKey come together.";
        if (upstream is { ExternalAccountKeyId: { } id, ExternalAccountMacKey: { } mac } && UpstreamBinding.TryParse(id, mac) is null) yield return "ExternalAccountMacKey is not base64url.";
        if (FindInChallenge(upstream) is { } wrong) yield return wrong;
    }

    private static string? FindInChallenge(UpstreamOptions upstream) => upstream.Challenge switch
    {
        ChallengeMethod.DnsUpdate when upstream.DnsServer is null => "Challenge DnsUpdate needs DnsServer.",
        ChallengeMethod.DnsUpdate when upstream is not { TsigName: { } name, TsigSecret: { } secret } || !TsigKey.TryParse(name, upstream.TsigAlgorithm, secret, out _) =>
            "Challenge DnsUpdate needs TsigName, TsigSecret (base64) and TsigAlgorithm (hmac-sha256 or hmac-sha512).",
        ChallengeMethod.DnsHook when upstream.Hook is not { } hook || !Path.IsPathRooted(hook) || !File.Exists(hook) => "Challenge DnsHook needs Hook, the absolute path of a program.",
        ChallengeMethod.Http01 or ChallengeMethod.DnsUpdate or ChallengeMethod.DnsHook => null,
    };

    private static bool CanRead(string file)
    {
        try
        {
            return new UpstreamServer(new Uri("https://localhost")) { RootsPem = File.ReadAllText(file) }.ReadRoots() is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}
