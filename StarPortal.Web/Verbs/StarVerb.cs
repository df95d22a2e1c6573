using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Star;

namespace StarPortal.Web.Verbs;

/// <summary>Verbs for the machine that uses a STAR certificate, which needs neither portal nor configuration: what they share.</summary>
internal static class StarVerb
{
    public static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The folder of the certificate and its key.", Required = true };

    public static readonly Option<string> Name = new("--name") { Description = "The certificate is <name>.pem; with a <name>.key beside it, only a certificate for that key is taken.", Required = true };

    public static readonly Option<bool> Once = new("--once") { Description = "Polls once: exit code 0 when the file is fresh, 1 when not." };

    public static readonly Option<FileInfo> CaFile = new("--ca-file") { Description = "Roots in PEM to trust instead of the system's." };

    private static readonly Option<string?> Exec = new("--exec") { Description = "Runs this in the shell after each replacement, with STARPORTAL_CERTIFICATE (the path) and STARPORTAL_NOT_AFTER." };

    static StarVerb()
    {
        Out.AcceptExistingOnly();
        Name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } name || !CertificateFile.IsName(name)) result.AddError("--name is a plain file name without its ending.");
        });
        Exec.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>())) result.AddError("--exec has no command.");
        });
        CaFile.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>() is { } file && FindRoots(file) is null) result.AddError($"{file} holds no certificate in PEM that can be read.");
        });
    }

    public static Command Make() => new("star", "For machines that use STAR certificates.") { StarFetchVerb.Make(), StarRegisterVerb.Make() };

    /// <summary>Adds what every verb of this kind has, and refuses settings, which none has.</summary>
    /// <param name="run">Ends with the exit code.</param>
    public static Command Complete(Command verb, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        foreach (Option option in (Option[])[Out, Name, Once, Exec, CaFile]) verb.Add(option);
        verb.SetAction(async (parsed, ct) =>
        {
            if (parsed.UnmatchedTokens is [var surplus, ..]) return await RefuseAsync($"star {verb.Name} does not know '{surplus}'. Try --help.");
            try
            {
                return await run(parsed, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return parsed.GetValue(Once) ? CommandLine.Failed : CommandLine.Done;
            }
        });
        return verb;
    }

    /// <summary>Keeps the file fresh from a star-certificate URL.</summary>
    public static async Task<int> FollowAsync(Uri url, ParseResult parsed, CancellationToken ct)
    {
        var (clock, limits) = (TimeProvider.System, new FetchLimits());
        using var download = new StarDownload(url, RootsOf(parsed), limits, clock);
        var file = new CertificateFile(parsed.GetRequiredValue(Out).FullName, parsed.GetRequiredValue(Name), clock);
        var hook = parsed.GetValue(Exec) is { } command ? new FetchHook(command, limits.HookTimeout) : null;
        var loop = new StarFetchLoop(new StarFetcher(download, file, hook is not null, clock), file, hook, clock, Print);
        if (parsed.GetValue(Once)) return await loop.RunOnceAsync(ct) ? CommandLine.Done : CommandLine.Failed;
        await loop.RunAsync(ct);
        return CommandLine.Failed;
    }

    public static X509Certificate2Collection? RootsOf(ParseResult parsed) => parsed.GetValue(CaFile) is { } roots ? FindRoots(roots) : null;

    public static Uri? FindUrl(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && StarUrl.IsAllowed(url) ? url : null;

    public static void Print(FetchEvent line) => (line.IsTrouble ? Console.Error : Console.Out).WriteLine(line);

    /// <summary>Says in one line what is wrong.</summary>
    /// <returns>The exit code of wrong use.</returns>
    public static async Task<int> RefuseAsync(string problem)
    {
        await Console.Error.WriteLineAsync($"starportal: {problem.ReplaceLineEndings(" ")}");
        return CommandLine.WrongUse;
    }

    private static X509Certificate2Collection? FindRoots(FileInfo file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file.FullName);
            return roots.Count > 0 ? roots : null;
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
