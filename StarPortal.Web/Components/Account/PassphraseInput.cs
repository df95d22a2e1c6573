namespace StarPortal.Web.Components.Account;

/// <summary>A form that asks for the passphrase again, and nothing else.</summary>
public sealed class PassphraseInput
{
    public string? Passphrase { get; set; }
}
