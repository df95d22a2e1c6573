using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Web.Components.Pages.Acme;

namespace StarPortal.Web.Components.Pages.Delegation;

/// <summary>Commands that work as they stand for the consumer's machine.</summary>
internal static class DelegationCommands
{
    private const string Trust = "--cacert /etc/ssl/starportal-root.pem ";

    /// <param name="needsRoot">Whether the portal's own certificate comes from its own root.</param>
    /// <param name="user">Of HTTP Basic, the consumer's id; null: nobody in particular.</param>
    public static IReadOnlyList<ReadyCommand> ForRegistration(PortalOptions portal, NameDelegation delegation, bool needsRoot, string? user)
    {
        var (trust, url) = (needsRoot ? Trust : "", portal.Link("/star/registration"));
        var credential = user is null ? "" : $"-u {user}:TOKEN ";
        return
        [
            new("Make a key and a request, with OpenSSL", Request(delegation)),
            new("Register it: the answer’s Location is the completion URL", Join([$"jq -Rsc '{{csr: ., lifetime: {delegation.MaxLifetime}, validity: {delegation.MaxValidity}}}' request.pem", $"| curl -fsS -D - {trust}{credential}-H 'Content-Type: application/json' --data-binary @- {url}"])),
            new("Ask how far it is; once valid, it names the URL of the certificate", $"curl -fsS {trust}{credential}COMPLETION_URL"),
        ];
    }

    /// <summary>With the template's first kind of key and its extensions; what a template leaves to the consumer, the consumer fills in.</summary>
    private static string Request(NameDelegation delegation)
    {
        var template = CsrTemplate.Parse(delegation.Template);
        var first = template.KeyTypes[0];
        return Join(
        [
            $"openssl req -new {(first.Curve is { } curve ? $"-newkey ec -pkeyopt ec_paramgen_curve:{curve.KnownAs}" : $"-newkey rsa:{first.Bits}")}", "-nodes -keyout key.pem -out request.pem -subj /",
            $"-addext 'subjectAltName={string.Join(',', delegation.NameList.Select(name => $"DNS:{name}"))}'",
            .. template.Extensions.OfType<KeyUsageRule>().Select(rule => $"-addext 'keyUsage=critical,{string.Join(',', rule.Usages)}'"),
            .. template.Extensions.OfType<ExtendedKeyUsageRule>().Select(rule => $"-addext 'extendedKeyUsage={string.Join(',', rule.Usages)}'"),
        ]);
    }

    /// <summary>Accounts of the delegation directory are opened with an external account key.</summary>
    public static IReadOnlyList<ReadyCommand> ForAccount(string directory, string? root, string keyId, string macKey) =>
    [
        new("certbot", Join([$"{(root is null ? "" : $"REQUESTS_CA_BUNDLE={root} ")}certbot register --server {directory}", $"--agree-tos -m you@example.org --eab-kid {keyId} --eab-hmac-key {macKey}"])),
        new("acme.sh", Join([$"acme.sh --register-account --server {directory}{(root is null ? "" : $" --ca-bundle {root}")}", $"-m you@example.org --eab-kid {keyId} --eab-hmac-key {macKey}"])),
    ];

    private static string Join(IEnumerable<string> parts) => string.Join(" \\\n  ", parts);
}
