using System.CommandLine;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Verbs;

/// <summary>What owners do on the pages, for whoever runs the portal: set-up and emergencies without a browser.</summary>
internal static class DelegationVerb
{
    private static readonly Option<string> Owner = new("--owner") { Description = "User name of the owner that this is done for.", Required = true };

    private static readonly Option<string> Consumer = new("--consumer") { Description = "Name of the consumer; create makes it if there is none.", Required = true };

    private static readonly Option<string> Names = new("--names") { Description = "The delegated names, with commas between.", Required = true };

    private static readonly Option<string> Upstream = new("--upstream") { Description = "The CA.", DefaultValueFactory = _ => UpstreamBook.Local };

    private static readonly Option<FileInfo> Template = new("--template") { Description = "A CSR template (RFC 9115). Without it: a P-256 key, serverAuth, exactly these names." };

    private static readonly Option<int> Lifetime = new("--lifetime") { Description = "Days that a registration may last.", DefaultValueFactory = _ => 90 };

    private static readonly Option<int> Validity = new("--validity") { Description = "Hours that a certificate may be valid.", DefaultValueFactory = _ => 24 };

    private static readonly Option<bool> ByHand = new("--by-hand") { Description = "A person approves each registration." };

    private static readonly Option<bool> ApproveNames = new("--approve-names") { Description = "Approves the names for the owner, as an officer would." };

    private static readonly Option<bool> Acme = new("--acme") { Description = "An external account key for the delegation directory (RFC 9115), as key-id:mac-key." };

    private static readonly Argument<string> Registration = new("registration") { Description = "The completion URL, or the id at its end." };

    private static readonly Argument<string> OtherCa = new("upstream") { Description = "Name of another CA in the configuration." };

    static DelegationVerb()
    {
        Template.AcceptExistingOnly();
        RefuseSettings(Registration);
        RefuseSettings(OtherCa);
    }

    public static Command Make()
    {
        var create = new Command("create", "Delegates names to a consumer. The credential of a new consumer is the only line on stdout, and is not shown again.")
        {
            Owner, Consumer, Names, Upstream, Template, Lifetime, Validity, ByHand, ApproveNames,
        };
        create.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: true, services => CreateAsync(services, parsed, ct)));
        var credential = new Command("credential", "Gives a consumer one more credential, which is the only line on stdout and is not shown again.") { Owner, Consumer, Acme };
        credential.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: true, services => AddCredentialAsync(services, parsed, ct)));
        var cancel = new Command("cancel", "Cancels a registration: the portal that runs does at the CA what is to be done there.") { Registration, Owner };
        cancel.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: true, services => CancelAsync(services, parsed, ct)));
        var changeKey = new Command("change-key", "Changes the key of the portal's account at another CA (RFC 8555 7.3.5). The portal that runs goes on with the new one by itself.") { OtherCa };
        changeKey.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: true, services => ChangeKeyAsync(services, parsed.GetRequiredValue(OtherCa), ct)));
        return new Command("delegation", "Delegations, without a browser.") { create, credential, cancel, changeKey };
    }

    /// <summary>A setting that follows a forgotten argument is not taken for it.</summary>
    private static void RefuseSettings(Argument<string> argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: ['-', ..] value }, ..]) result.AddError($"'{value}' is no {argument.Name}: name it before the settings.");
    });

    private static async Task<int> CreateAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        var owner = await services.GetRequiredService<Actors>().OnBehalfOfAsync(parsed.GetRequiredValue(Owner), ct);
        var (delegation, credential) = await services.GetRequiredService<DelegationSetup>().CreateAsync(parsed.GetRequiredValue(Consumer), TermsOf(parsed), parsed.GetValue(ApproveNames), owner, ct);
        if (credential is not null) await Console.Out.WriteLineAsync(credential);
        await Console.Error.WriteLineAsync($"{delegation.Names.Replace('\n', ' ')} by {delegation.Upstream}: {services.GetRequiredService<DelegationDirectory>().Delegation(delegation.Id)}");
        return CommandLine.Done;
    }

    private static async Task<int> AddCredentialAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        var owner = await services.GetRequiredService<Actors>().OnBehalfOfAsync(parsed.GetRequiredValue(Owner), ct);
        await Console.Out.WriteLineAsync(await services.GetRequiredService<DelegationSetup>().AddCredentialAsync(parsed.GetRequiredValue(Consumer), parsed.GetValue(Acme), owner, ct));
        return CommandLine.Done;
    }

    private static async Task<int> CancelAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        var owner = await services.GetRequiredService<Actors>().OnBehalfOfAsync(parsed.GetRequiredValue(Owner), ct);
        if (!AcmeLinks.TryParseId(parsed.GetRequiredValue(Registration).Split('/')[^1], out var id)) throw new ServiceException(ErrorKind.Invalid, "This is no completion URL.");
        var order = await services.GetRequiredService<DelegatedOrderDecisions>().CancelAsync(id, "", owner, ct);
        await Console.Out.WriteLineAsync($"Canceled. {(order.LastNotAfter is { } end ? $"The last certificate ends at {end:u}." : "No certificate was issued.")}");
        return CommandLine.Done;
    }

    private static async Task<int> ChangeKeyAsync(IServiceProvider services, string name, CancellationToken ct)
    {
        var upstream = services.GetRequiredService<UpstreamBook>().FindAccess(name) ?? throw new ServiceException(ErrorKind.NotFound, $"No other CA '{name}' is configured (Delegation:Upstreams).");
        try
        {
            await upstream.ChangeKeyAsync(ct);
        }
        catch (UpstreamException refused)
        {
            throw new ServiceException(ErrorKind.Unavailable, refused.Message);
        }

        await Console.Out.WriteLineAsync($"The account at {name} has a new key.");
        return CommandLine.Done;
    }

    private static DelegationTerms TermsOf(ParseResult parsed)
    {
        string[] names = parsed.GetRequiredValue(Names).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var template = parsed.GetValue(Template) is { } file ? File.ReadAllText(file.FullName) : CsrTemplatePreset.Web.Fill(names).ToJson();
        return new DelegationTerms(names, template, parsed.GetValue(Lifetime), parsed.GetValue(Validity), parsed.GetRequiredValue(Upstream), parsed.GetValue(ByHand) ? DelegationApproval.Person : DelegationApproval.Automatic);
    }
}
