using System.CommandLine;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Verbs;

/// <summary>Registers a key for names that their owner delegated, and then does what <see cref="StarFetchVerb"/> does.</summary>
internal static class StarRegisterVerb
{
    private const string CredentialVariable = "STARPORTAL_CREDENTIAL";

    private static readonly Argument<string> Portal = new("portal") { Description = "URL of the owner's portal: https, or on this machine." };

    private static readonly Option<FileInfo> CredentialFile = new("--credential-file") { Description = $"Holds consumer-id:token. Without it the environment variable {CredentialVariable} does." };

    private static readonly Option<FileInfo> Template = new("--template") { Description = "The CSR template that the owner agreed to (RFC 9115). Without it: a P-256 key, serverAuth, and the names of --dns." };

    private static readonly Option<string[]> Dns = new("--dns") { Description = "A name for the certificate, as often as there are names; with a template, those that it leaves open.", DefaultValueFactory = _ => [] };

    private static readonly Option<string[]> Subject = new("--subject") { Description = "field=value for a field of the subject that the template leaves open, such as country=CA.", DefaultValueFactory = _ => [] };

    private static readonly Option<int> Lifetime = new("--lifetime") { Description = "Days that certificates are asked for.", DefaultValueFactory = _ => 365 };

    private static readonly Option<int> Validity = new("--validity") { Description = "Hours that each certificate is to be valid.", DefaultValueFactory = _ => 24 };

    static StarRegisterVerb()
    {
        CredentialFile.AcceptExistingOnly();
        Template.AcceptExistingOnly();
        Portal.Validators.Add(result =>
        {
            if (StarVerb.FindUrl(result.GetValueOrDefault<string>()) is null) result.AddError("The portal's URL has to be https, or on this machine.");
        });
        foreach (var period in (Option<int>[])[Lifetime, Validity])
            period.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number > 0)) result.AddError($"{period.Name} is a whole number, 1 or more.");
            });
        Subject.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1)) result.AddError("--subject is field=value.");
        });
    }

    public static Command Make() => StarVerb.Complete(
        new Command("register", "Makes <name>.key, registers it at the portal of the names' owner, waits, and keeps <name>.pem fresh. Ends with 1 when the registration fails, or is canceled or over.")
        {
            Portal, CredentialFile, Template, Dns, Subject, Lifetime, Validity,
        },
        RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var files = new RegistrationFiles(parsed.GetRequiredValue(StarVerb.Out).FullName, parsed.GetRequiredValue(StarVerb.Name));
        try
        {
            if (ConsumerSecret.TryParse(ReadCredential(parsed)) is not { } secret) return await StarVerb.RefuseAsync($"The credential is consumer-id:token, in --credential-file or in {CredentialVariable}.");
            using var request = files.Open(ReadTemplate(parsed), ValuesOf(parsed));
            return await FindUrlAsync(files, request, secret, parsed, ct) is { } url ? await StarVerb.FollowAsync(url, parsed, ct) : CommandLine.Failed;
        }
        catch (ServiceException unfit)
        {
            return await StarVerb.RefuseAsync(unfit.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await StarVerb.RefuseAsync(error.Message);
            return CommandLine.Failed;
        }
    }

    private static async Task<Uri?> FindUrlAsync(RegistrationFiles files, TemplateRequest request, ConsumerSecret secret, ParseResult parsed, CancellationToken ct)
    {
        var key = RegistrationFiles.IdempotencyKeyOf(request.Key);
        if (files.FindCertificateUrl(key) is { } known) return known;
        using var door = new RegistrationDoor(StarVerb.FindUrl(parsed.GetRequiredValue(Portal))!, StarVerb.RootsOf(parsed), secret, TimeProvider.System);
        var asked = new AskedRegistration(request.Encoded, parsed.GetValue(Lifetime), parsed.GetValue(Validity));
        var url = await new Registrar(door, TimeProvider.System, StarVerb.Print).RunAsync(asked, key, triesAgain: !parsed.GetValue(StarVerb.Once), ct);
        if (url is not null) await files.KeepAsync(key, url, ct);
        return url;
    }

    private static string? ReadCredential(ParseResult parsed) =>
        parsed.GetValue(CredentialFile) is { } file ? File.ReadAllText(file.FullName) : Environment.GetEnvironmentVariable(CredentialVariable);

    private static CsrTemplate ReadTemplate(ParseResult parsed) =>
        parsed.GetValue(Template) is { } file ? CsrTemplate.Parse(File.ReadAllText(file.FullName)) : CsrTemplatePreset.Web.Fill(parsed.GetValue(Dns)!);

    /// <summary>Without a template the names are its literals.</summary>
    private static TemplateValues ValuesOf(ParseResult parsed) => new()
    {
        DnsNames = parsed.GetValue(Dns)!,
        Subject = parsed.GetValue(Subject)!.Select(each => each.Split('=', 2)).DistinctBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
    };
}
