using StarPortal.Core.Audit;
using StarPortal.Core.Delegation;

namespace StarPortal.Web.Components.Pages.Delegation;

/// <summary>Delegation in the words of the pages.</summary>
internal static class DelegationWords
{
    public const string Anybody = "anybody who asks";

    public static (string Kind, string Text) Of(DelegationState state) => state switch
    {
        DelegationState.Active => ("good", "In force"),
        DelegationState.Paused => ("wait", "Paused"),
        DelegationState.Ended => ("off", "Ended"),
    };

    public static (string Kind, string Text) Of(DelegatedOrderState state) => state switch
    {
        DelegatedOrderState.AwaitsRequest => ("wait", "Waits for its CSR"),
        DelegatedOrderState.AwaitsApproval => ("wait", "Waits for approval"),
        DelegatedOrderState.Processing => ("info", "Being ordered"),
        DelegatedOrderState.Troubled => ("bad", "Stands still"),
        DelegatedOrderState.Late => ("bad", "Late"),
        DelegatedOrderState.Active => ("good", "Renewed in time"),
        DelegatedOrderState.Issued => ("good", "Issued"),
        DelegatedOrderState.Ended => ("off", "Ended"),
        DelegatedOrderState.Canceled => ("off", "Canceled"),
        DelegatedOrderState.Failed => ("bad", "Failed"),
    };

    public static string Of(DelegationApproval approval) => approval switch
    {
        DelegationApproval.Automatic => "at once, when the request fits the template",
        DelegationApproval.Person => "after your approval, each of them",
    };

    public static string Of(ConsumerCredentialKind kind) => kind switch
    {
        ConsumerCredentialKind.Token => "Token",
        ConsumerCredentialKind.Certificate => "Client certificate",
        ConsumerCredentialKind.AcmeAccount => "ACME account key",
    };

    public static string Of(DelegatedOrderDoor door) => door switch
    {
        DelegatedOrderDoor.Registration => "by registration",
        DelegatedOrderDoor.Acme => "by ACME (RFC 9115)",
    };

    public static string Upstream(string name) => name == UpstreamBook.Local ? "this portal’s own CA" : name;

    /// <summary><c>DelegatedOrderCanceled</c> as <c>Delegated order canceled</c>.</summary>
    public static string Of(AuditAction action)
    {
        var name = action.ToString();
        return string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
    }

    /// <summary>What asks for it, in a few words.</summary>
    public static string Asked(DelegatedOrder order) => order.IsStar
        ? $"certificates of {StarWords(order)}{(order.Days is { } days ? $" for {Star.StarWords.Count(days, "day")}" : null)}"
        : "one certificate";

    private static string StarWords(DelegatedOrder order) => Star.StarWords.Duration(order.Lifetime);
}
