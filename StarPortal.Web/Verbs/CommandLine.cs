using System.CommandLine;
using StarPortal.Web.Hosting;

namespace StarPortal.Web.Verbs;

/// <summary>The command line: a verb first, or none to serve. What is no verb's own is configuration and reaches the host.</summary>
public static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    private static readonly string[] HelpWords = ["--help", "-h", "-?", "/?", "help"];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || (args[0].StartsWith('-') && !HelpWords.Contains(args[0], StringComparer.Ordinal) && args[0] != "--version"))
            return SettingArguments.Problem(args) is { } problem ? await RefuseAsync(problem) : await PortalHost.ServeAsync(args);

        var parsed = Root().Parse(args is ["help", .. var rest] ? [.. rest, "--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var error, ..]) return await RefuseAsync(error.Message);
        if (SettingArguments.Problem(parsed.UnmatchedTokens) is { } wrong) return await RefuseAsync(wrong);
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("StarPortal: a certificate portal. Without a verb it serves.\nAny setting can follow, such as --Portal:HttpsPort=9443; --demo serves with personas, an inbox and a clock to wind.")
        {
            VerifyAuditVerb.Make(), SetupLinkVerb.Make(), MailTestVerb.Make(), StarVerb.Make(), DelegationVerb.Make(), MyProxyVerb.Make(), RegistryVerb.Make(), VersionVerb.Make(),
        };
        root.TreatUnmatchedTokensAsErrors = false;
        foreach (var verb in root.Subcommands) verb.TreatUnmatchedTokensAsErrors = false;
        root.SetAction((parsed, _) => PortalHost.ServeAsync([.. parsed.UnmatchedTokens]));
        return root;
    }

    private static async Task<int> RefuseAsync(string problem)
    {
        await Console.Error.WriteLineAsync($"starportal: {problem.ReplaceLineEndings(" ")} Try --help.");
        return WrongUse;
    }
}
