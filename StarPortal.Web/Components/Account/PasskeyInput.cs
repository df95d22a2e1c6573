namespace StarPortal.Web.Components.Account;

/// <summary>What a passkey form posts.</summary>
public sealed class PasskeyInput
{
    /// <summary>The browser's answer, WebAuthn JSON.</summary>
    public string? Credential { get; set; }

    /// <summary>For a new one: what the person calls it.</summary>
    public string? Name { get; set; }
}
