using StarPortal.Core.MyProxy;

namespace StarPortal.Web.Components.Pages.MyProxy;

/// <summary>The repository in the words of the pages.</summary>
internal static class MyProxyWords
{
    public static (string Kind, string Text) Of(StoredCredentialState state) => state switch
    {
        StoredCredentialState.Usable => ("good", "Ready"),
        StoredCredentialState.Locked => ("wait", "Locked"),
        StoredCredentialState.Expired => ("off", "Expired"),
        StoredCredentialState.Revoked => ("bad", "Revoked"),
    };

    public static string Of(CredentialOrigin origin) => origin switch
    {
        CredentialOrigin.Portal => "by the portal, when the certificate was issued",
        CredentialOrigin.Client => "by a MyProxy client",
        CredentialOrigin.Import => "by an administrator, from another MyProxy server",
        CredentialOrigin.Mirror => "by another portal, of whose credential it is a copy",
    };

    /// <summary>What people call it by.</summary>
    public static string NameOf(StoredCredentialView credential) => credential.CredentialName.Length == 0 ? credential.UserName : $"{credential.UserName}, {credential.CredentialName}";

    public static StoredCredentialState? ReadState(string? text) => Enum.TryParse<StoredCredentialState>(text, out var state) && Enum.IsDefined(state) ? state : null;
}
