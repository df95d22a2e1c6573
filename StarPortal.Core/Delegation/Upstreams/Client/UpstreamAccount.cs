using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>RFC 8555 7.1.2.</summary>
/// <param name="Url">Names the account in every request: to be kept.</param>
public sealed record UpstreamAccount(Uri Url, AcmeAccountStatus Status, IReadOnlyList<string> Contacts)
{
    internal static UpstreamAccount Of(Uri url, UpstreamAnswer answer)
    {
        var account = UpstreamObject.Read(answer);
        return new UpstreamAccount(url, StatusOf(account.Text("status")), account.Texts("contact"));
    }

    private static AcmeAccountStatus StatusOf(string token) => token switch
    {
        "valid" => AcmeAccountStatus.Valid,
        "deactivated" => AcmeAccountStatus.Deactivated,
        "revoked" => AcmeAccountStatus.Revoked,
        _ => throw UpstreamErrors.Nonsense("the status of the account is not one of RFC 8555."),
    };
}
