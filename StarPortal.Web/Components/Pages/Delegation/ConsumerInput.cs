namespace StarPortal.Web.Components.Pages.Delegation;

/// <summary>A consumer, or a client certificate of one, as a form posts it.</summary>
public sealed class ConsumerInput
{
    public string? Name { get; set; }

    /// <summary>PEM.</summary>
    public string? Certificate { get; set; }
}
