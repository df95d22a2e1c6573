namespace StarPortal.Web.Components.Shared;

/// <summary>Messages by form property name; the empty name holds what concerns the whole form.</summary>
public sealed class FieldErrors : Dictionary<string, string>
{
    public FieldErrors()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Adds a message unless the field has one: the first is the one to fix first.</summary>
    public FieldErrors With(string field, string message)
    {
        TryAdd(field, message);
        return this;
    }
}

public static class FieldErrorLookup
{
    /// <returns>The message beside the field, or null.</returns>
    public static string? For(this IReadOnlyDictionary<string, string>? errors, string field) => errors?.GetValueOrDefault(field);
}
