namespace StarPortal.Web.Components.Shared;

internal static class FormNames
{
    /// <summary>The element id of a form field: its property's name without the model's (<c>Input.Email</c> is <c>Email</c>).</summary>
    public static string IdOf(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>The value of aria-describedby: hint and error, as far as there are any.</summary>
    public static string? DescribedBy(string id, string? hint, string? error)
    {
        string[] parts = [.. hint is null ? (string[])[] : [$"{id}-hint"], .. string.IsNullOrEmpty(error) ? (string[])[] : [$"{id}-error"]];
        return parts.Length == 0 ? null : string.Join(' ', parts);
    }
}
