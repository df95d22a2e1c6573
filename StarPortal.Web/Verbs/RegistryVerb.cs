using System.CommandLine;
using StarPortal.Core.Registry;
using StarPortal.Core.Star;

namespace StarPortal.Web.Verbs;

/// <summary>For machines that belong to a resource of the registry, which need neither portal nor configuration.</summary>
internal static class RegistryVerb
{
    private const string TokenVariable = "STARPORTAL_REGISTRY_TOKEN";

    private static readonly Argument<string> Resource = new("resource") { Description = "Name of the resource." };

    private static readonly Option<string> Portal = new("--portal") { Description = "The portal's URL: https, or on this machine.", Required = true };

    private static readonly Option<FileInfo> TokenFile = new("--token-file") { Description = $"Holds the resource's token. Without it the environment variable {TokenVariable} does." };

    private static readonly Option<FileInfo> Out = new("--out") { Description = "The grid-mapfile, such as /etc/grid-security/grid-mapfile.", Required = true };

    static RegistryVerb()
    {
        TokenFile.AcceptExistingOnly();
        Portal.Validators.Add(result =>
        {
            if (StarVerb.FindUrl(result.GetValueOrDefault<string>()) is null) result.AddError("The portal's URL has to be https, or on this machine.");
        });
        Resource.Validators.Add(result =>
        {
            if (!ResourceTerms.IsName(result.GetValueOrDefault<string>())) result.AddError("A resource's name has lower-case letters, digits and hyphens.");
        });
        Out.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>() is { } file && !Directory.Exists(file.DirectoryName)) result.AddError($"There is no folder {file.DirectoryName}.");
        });
    }

    public static Command Make()
    {
        var export = new Command("export-gridmap", "Brings a resource's grid-mapfile up to date. On any failure the one in place stays, and the exit code is 1.") { Resource, Portal, TokenFile, Out, StarVerb.CaFile };
        export.SetAction(RunAsync);
        return new("registry", "For machines that belong to a resource of the registry.") { export };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        if (parsed.UnmatchedTokens is [var surplus, ..]) return await StarVerb.RefuseAsync($"registry export-gridmap does not know '{surplus}'. Try --help.");
        try
        {
            if (ReadToken(parsed) is not { Length: > 0 } token) return await StarVerb.RefuseAsync($"The token is in --token-file or in {TokenVariable}.");
            using var door = new GridMapDoor(StarVerb.FindUrl(parsed.GetRequiredValue(Portal))!, parsed.GetRequiredValue(Resource), token, StarVerb.RootsOf(parsed));
            var place = parsed.GetRequiredValue(Out).FullName;
            await Console.Out.WriteLineAsync(await new GridMapExport(place).RunAsync(door, ct) ? $"{place} is new." : $"{place} is up to date.");
            return CommandLine.Done;
        }
        catch (Exception error) when (error is FetchFailedException or IOException or UnauthorizedAccessException || (error is OperationCanceledException && ct.IsCancellationRequested))
        {
            await StarVerb.RefuseAsync(error.Message);
            return CommandLine.Failed;
        }
    }

    private static string? ReadToken(ParseResult parsed) => (parsed.GetValue(TokenFile) is { } file ? File.ReadAllText(file.FullName) : Environment.GetEnvironmentVariable(TokenVariable))?.Trim();
}
