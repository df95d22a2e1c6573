using System.CommandLine;

namespace StarPortal.Web.Verbs;

/// <summary>Keeps a certificate fresh from a star-certificate URL.</summary>
internal static class StarFetchVerb
{
    private static readonly Argument<string> Url = new("url") { Description = "The star-certificate URL: https, or on this machine." };

    static StarFetchVerb() => Url.Validators.Add(result =>
    {
        if (StarVerb.FindUrl(result.GetValueOrDefault<string>()) is null) result.AddError("The URL has to be https, or on this machine.");
    });

    public static Command Make() => StarVerb.Complete(
        new Command("fetch", "Keeps <name>.pem fresh from a star-certificate URL (RFC 8739). Ends with 1 when the order is canceled or over.") { Url },
        (parsed, ct) => StarVerb.FollowAsync(StarVerb.FindUrl(parsed.GetRequiredValue(Url))!, parsed, ct));
}
