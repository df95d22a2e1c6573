using System.Globalization;
using StarPortal.Core.Acme;

namespace StarPortal.Web.Components.Pages.Acme;

/// <summary>How the states of ACME are shown, and its problems in the words of people.</summary>
internal static class AcmeWords
{
    /// <summary>What the kinds of failed validations mean; the detail of each says more.</summary>
    private static readonly Dictionary<AcmeProblemType, string> Problems = new()
    {
        [AcmeProblemType.BadCsr] = "The signing request does not do",
        [AcmeProblemType.Caa] = "A CAA record forbids this server to issue",
        [AcmeProblemType.Connection] = "The server could not be reached",
        [AcmeProblemType.Dns] = "The DNS had no usable answer",
        [AcmeProblemType.IncorrectResponse] = "The answer was there, but it was a wrong one",
        [AcmeProblemType.Malformed] = "The request or challenge does not fit",
        [AcmeProblemType.Tls] = "The TLS connection failed",
        [AcmeProblemType.Unauthorized] = "Control of the name was not shown, or what granted it has ended",
        [AcmeProblemType.InvalidProfile] = "The profile is not to be had",
        [AcmeProblemType.RateLimited] = "Too many at a time",
        [AcmeProblemType.Compound] = "Several names, each for a reason of its own",
        [AcmeProblemType.RejectedIdentifier] = "The name is not certified here",
        [AcmeProblemType.ServerInternal] = "Something went wrong on our side",
    };

    public static (string Kind, string Text) Of(AcmeOrderStatus status) => status switch
    {
        AcmeOrderStatus.Pending => ("wait", "Waits for proof"),
        AcmeOrderStatus.Ready => ("info", "Ready"),
        AcmeOrderStatus.Processing => ("wait", "Being issued"),
        AcmeOrderStatus.Valid => ("good", "Issued"),
        AcmeOrderStatus.Invalid => ("bad", "Failed"),
        AcmeOrderStatus.Canceled => ("neutral", "Canceled"),
    };

    public static (string Kind, string Text) Of(AcmeAuthorizationStatus status) => status switch
    {
        AcmeAuthorizationStatus.Pending => ("wait", "Waits"),
        AcmeAuthorizationStatus.Valid => ("good", "Shown"),
        AcmeAuthorizationStatus.Invalid => ("bad", "Failed"),
        AcmeAuthorizationStatus.Deactivated => ("off", "Given up"),
        AcmeAuthorizationStatus.Expired => ("off", "Expired"),
        AcmeAuthorizationStatus.Revoked => ("bad", "Revoked"),
    };

    public static (string Kind, string Text) Of(AcmeAccountStatus status) => status switch
    {
        AcmeAccountStatus.Valid => ("good", "Valid"),
        AcmeAccountStatus.Deactivated => ("off", "Deactivated by its client"),
        AcmeAccountStatus.Revoked => ("bad", "Deactivated here"),
    };

    public static (string Kind, string Text) Of(AcmeNamespaceState state) => state switch
    {
        AcmeNamespaceState.Asked => ("wait", "Waits for a decision"),
        AcmeNamespaceState.Approved => ("good", "In force"),
        AcmeNamespaceState.Refused => ("bad", "Refused"),
        AcmeNamespaceState.Withdrawn => ("off", "Ended"),
    };

    public static (string Kind, string Text) Of(ExternalAccountKey key, DateTimeOffset now) => key switch
    {
        { RevokedAt: not null } => ("bad", "Revoked"),
        _ when key.IsUsable(now) => ("good", "Usable"),
        _ when key.ExpiresAt <= now => ("off", "Expired"),
        _ => ("off", "Used up"),
    };

    public static string Of(NamespaceChallenge challenge) => challenge switch
    {
        NamespaceChallenge.Required => "Each name by a challenge",
        NamespaceChallenge.Waived => "No challenge needed",
    };

    public static string Of(AcmeProblemType problem) => Problems.GetValueOrDefault(problem, problem.Token);

    /// <summary>What is limited, as the end of "at most so many …".</summary>
    public static string Of(AcmeLimitKind kind) => kind switch
    {
        AcmeLimitKind.AccountsPerAddress => "new accounts from one address",
        AcmeLimitKind.OrdersPerAccount => "orders of one account",
        AcmeLimitKind.OrdersPerAddress => "orders from one address",
        AcmeLimitKind.OrdersPerIdentifier => "orders for the same name",
        AcmeLimitKind.FailedValidations => "failed challenges for one name and account",
        AcmeLimitKind.ChallengeAttempts => "tries at one challenge",
    };

    /// <summary>A contact without its scheme.</summary>
    public static string Contact(string url) => url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? url["mailto:".Length..] : url;

    /// <summary>A number of orders that is counted up to a limit.</summary>
    public static string Count(int orders) =>
        orders < AcmeAccountSearch.MostCounted ? orders.ToString(CultureInfo.InvariantCulture) : $"{AcmeAccountSearch.MostCounted.ToString("N0", CultureInfo.InvariantCulture)} or more";

    /// <summary>Of a challenge, as on the wire.</summary>
    public static string ChipOf(string challengeStatus) => challengeStatus switch
    {
        "valid" => "good",
        "invalid" => "bad",
        "processing" => "wait",
        _ => "off",
    };

    public static string How(ChallengeType type) => type switch
    {
        ChallengeType.Http01 => "a file that the validator fetches from port 80",
        ChallengeType.Dns01 => "a TXT record at _acme-challenge",
        ChallengeType.TlsAlpn01 => "a certificate that the validator is shown on port 443",
        ChallengeType.DnsAccount01 => "a TXT record at a name of the account's own",
    };
}
