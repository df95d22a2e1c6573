using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>Every URL of one ACME directory, and the way back from an account's URL. All are absolute, below the portal's outward name.</summary>
/// <param name="path">Where the directory's resources lie, such as <c>/acme</c>.</param>
/// <param name="portalUrl">The outward name without a slash at its end.</param>
public sealed class AcmeLinks(string path, string portalUrl)
{
    /// <summary>Of the directory of this portal's own CA.</summary>
    public const string MainPath = "/acme";

    /// <summary>The portal's pages for people below a directory's path; they answer as pages do. The path itself is one, too.</summary>
    private static readonly PathString[] Pages = ["/keys", "/namespaces", "/orders"];

    private readonly string root = portalUrl + path;

    /// <summary>The path below which everything is ACME, such as <c>/acme</c>.</summary>
    public string BasePath { get; } = path;

    public string PortalUrl { get; } = portalUrl;

    public string Directory => root + "/directory";

    public string NewNonce => root + "/new-nonce";

    public string NewAccount => root + "/new-account";

    public string NewOrder => root + "/new-order";

    public string NewAuthorization => root + "/new-authz";

    public string RevokeCertificate => root + "/revoke-cert";

    public string KeyChange => root + "/key-change";

    public string RenewalInfo => root + "/renewal-info";

    private string AccountPrefix => root + "/account/";

    public string Account(Guid id) => $"{AccountPrefix}{id:N}";

    public string Orders(Guid accountId, string? cursor = null) => $"{AccountPrefix}{accountId:N}/orders{(cursor is null ? "" : $"?cursor={cursor}")}";

    public string Order(Guid id) => $"{root}/order/{id:N}";

    public string Finalize(Guid orderId) => $"{root}/order/{orderId:N}/finalize";

    public string Authorization(Guid id) => $"{root}/authz/{id:N}";

    public string Challenge(Guid id) => $"{root}/challenge/{id:N}";

    /// <param name="chain">0 is the default chain; others are offered as alternates (RFC 8555 7.4.2).</param>
    public string Certificate(Guid orderId, int chain = 0) => chain == 0 ? $"{root}/certificate/{orderId:N}" : $"{root}/certificate/{orderId:N}/{chain}";

    /// <summary>RFC 8739 3.3: where the current certificate of a STAR order is.</summary>
    public string StarCertificate(Guid fetchId) => $"{root}/star/{fetchId:N}";

    /// <summary>The URL that a request with this path and query was sent to, as the client should know it.</summary>
    public string Of(string pathAndQuery) => PortalUrl + pathAndQuery;

    /// <summary>Whether requests of this path are ACME: everything below the directory's path but its pages.</summary>
    public bool Holds(PathString asked) =>
        asked.StartsWithSegments(BasePath, StringComparison.Ordinal, out var rest) && rest.HasValue && rest != "/" && !Array.Exists(Pages, page => rest.StartsWithSegments(page, StringComparison.Ordinal));

    /// <summary>From a <c>kid</c>: exactly the URL that newAccount gave.</summary>
    public bool TryParseAccount([NotNullWhen(true)] string? url, out Guid id)
    {
        id = default;
        return url is not null && url.StartsWith(AccountPrefix, StringComparison.Ordinal) && TryParseId(url.AsSpan(AccountPrefix.Length), out id);
    }

    /// <summary>The one text form of an id in our URLs: 32 lower-case hex digits.</summary>
    public static bool TryParseId(ReadOnlySpan<char> text, out Guid id) =>
        Guid.TryParseExact(text, "N", out id) && !text.ContainsAnyInRange('A', 'F');
}
