using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Star;

namespace StarPortal.Web.Verbs;

/// <summary>For the machine that uses a STAR certificate: needs neither portal nor configuration.</summary>
internal static class StarFetchVerb
{
    private static readonly Argument<string> Url = new("url") { Description = "The star-certificate URL: https, or on this machine." };

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The folder of the certificate and its key.", Required = true };

    private static readonly Option<string> Name = new("--name") { Description = "The certificate is <name>.pem; with a <name>.key beside it, only a certificate for that key is taken.", Required = true };

    private static readonly Option<bool> Once = new("--once") { Description = "Polls once: exit code 0 when the file is fresh, 1 when not." };

    private static readonly Option<string?> Exec = new("--exec") { Description = "Runs this in the shell after each replacement, with STARPORTAL_CERTIFICATE (the path) and STARPORTAL_NOT_AFTER." };

    private static readonly Option<FileInfo> CaFile = new("--ca-file") { Description = "Roots in PEM to trust instead of the system's." };

    static StarFetchVerb()
    {
        Out.AcceptExistingOnly();
        Url.Validators.Add(result =>
        {
            if (FindUrl(result.GetValueOrDefault<string>()) is null) result.AddError("The URL has to be https, or on this machine.");
        });
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

    public static Command Make()
    {
        var fetch = new Command("fetch", "Keeps <name>.pem fresh from a star-certificate URL (RFC 8739). Ends with 1 when the order is canceled or over.") { Url, Out, Name, Once, Exec, CaFile };
        fetch.SetAction(RunAsync);
        return new Command("star", "For machines that use STAR certificates.") { fetch };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        if (parsed.UnmatchedTokens is [var surplus, ..])
        {
            await Console.Error.WriteLineAsync($"starportal: star fetch does not know '{surplus}'. Try --help.");
            return CommandLine.WrongUse;
        }

        var (clock, limits) = (TimeProvider.System, new FetchLimits());
        using var download = new StarDownload(FindUrl(parsed.GetRequiredValue(Url))!, parsed.GetValue(CaFile) is { } roots ? FindRoots(roots) : null, limits, clock);
        var file = new CertificateFile(parsed.GetRequiredValue(Out).FullName, parsed.GetRequiredValue(Name), clock);
        var hook = parsed.GetValue(Exec) is { } command ? new FetchHook(command, limits.HookTimeout) : null;
        var loop = new StarFetchLoop(new StarFetcher(download, file, hook is not null, clock), file, hook, clock, Print);
        return await RunAsync(loop, parsed.GetValue(Once), ct);
    }

    private static async Task<int> RunAsync(StarFetchLoop loop, bool once, CancellationToken ct)
    {
        try
        {
            if (once) return await loop.RunOnceAsync(ct) ? CommandLine.Done : CommandLine.Failed;
            await loop.RunAsync(ct);
            return CommandLine.Failed;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return once ? CommandLine.Failed : CommandLine.Done;
        }
    }

    private static void Print(FetchEvent line) => (line.IsTrouble ? Console.Error : Console.Out).WriteLine(line);

    private static Uri? FindUrl(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && StarUrl.IsAllowed(url) ? url : null;

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
