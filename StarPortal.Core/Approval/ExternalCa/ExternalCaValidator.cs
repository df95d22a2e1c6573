using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>Whether everything is said that a CA outside needs, once a profile's certificates come from it.</summary>
internal sealed class ExternalCaValidator(IServiceProvider services) : IValidateOptions<ApprovalOptions>
{
    /// <summary>RFC 5321 4.5.3.1.1: 64 octets, less the plus sign and the token.</summary>
    private const int MaxLocalPart = 63 - CaAddresses.TokenLength;

    public ValidateOptionsResult Validate(string? name, ApprovalOptions options)
    {
        try
        {
            var (external, mail) = (services.GetRequiredService<ExternalAuthority>(), services.GetRequiredService<IOptions<MailOptions>>().Value);
            var problems = FindUnusable(options.ExternalCa).Concat(external.IsInUse ? external.FindProblems().Concat(Problems(options.ExternalCa, mail)) : []).ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
        catch (OptionsValidationException)
        {
            return ValidateOptionsResult.Success; // Profiles or Mail are unusable, and say so themselves.
        }
    }

    private static IEnumerable<string> FindUnusable(ExternalCaMailOptions options)
    {
        List<ValidationResult> invalid = [];
        Validator.TryValidateObject(options, new ValidationContext(options), invalid, validateAllProperties: true);
        return invalid.Select(problem => $"Approval:ExternalCa: {problem.ErrorMessage}");
    }

    private static IEnumerable<string> Problems(ExternalCaMailOptions options, MailOptions mail)
    {
        if (options.Address is not { } address || !Mailer.IsAddress(address)) yield return "Approval:ExternalCa:Address has to be the mail address at which the CA takes requests.";
        if (options.RaAddress is not { } own || !Mailer.IsAddress(own)) yield return "Approval:ExternalCa:RaAddress has to be the registration authority's mail address.";
        else if (options.Proof is ExternalCaProof.Token && own.IndexOf('@', StringComparison.Ordinal) > MaxLocalPart) yield return $"Approval:ExternalCa:RaAddress: with Proof=Token there may be {MaxLocalPart} characters before the @.";
        if (mail.Maildir is null) yield return "Mail:Maildir is missing: the answers of the CA outside have to arrive somewhere.";
        if (options.Proof is ExternalCaProof.Signature && FindSignerProblem(options.SignerFile) is { } signer) yield return $"Approval:ExternalCa:SignerFile: {signer}";
    }

    private static string? FindSignerProblem(string? file)
    {
        if (file is null) return "it is missing: Proof is Signature.";
        try
        {
            return CaSigners.Read(file).Count == 0 ? "there is no certificate in it." : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return error.Message;
        }
    }
}
