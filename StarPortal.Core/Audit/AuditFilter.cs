namespace StarPortal.Core.Audit;

/// <summary>What of the log is wanted; everything null is everything.</summary>
public sealed record AuditFilter
{
    /// <summary>A part of the actor's name, the object's id or the detail, in any case.</summary>
    public string? Text { get; init; }

    public AuditAction? Action { get; init; }

    /// <summary>A user name, exactly, or <c>system:…</c>.</summary>
    public string? ActorName { get; init; }

    /// <summary><c>type/id</c> as the log shows it, <c>type/</c> for all of a type, or an id alone.</summary>
    public string? About { get; init; }

    /// <summary>From the beginning of this day, UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>To the end of this day, UTC.</summary>
    public DateOnly? To { get; init; }

    internal DateTimeOffset? FromInstant => From is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null;

    internal DateTimeOffset? ToInstant => To is { } day && day < DateOnly.MaxValue ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;

    /// <summary>The filter in words, for the audit row of an export.</summary>
    public override string ToString()
    {
        string?[] parts = [Part("text", Text), Part("action", Action?.ToString()), Part("actor", ActorName), Part("object", About), Part("from", From?.ToString("O")), Part("to", To?.ToString("O"))];
        var given = string.Join(", ", parts.Where(part => part is not null));
        return given.Length == 0 ? "all records" : given;
    }

    private static string? Part(string name, string? value) => string.IsNullOrWhiteSpace(value) ? null : $"{name} {value.Trim()}";
}
