namespace StarPortal.Core.Delegation;

/// <summary>A program of the administrator's that publishes TXT records: <c>program present|cleanup DOMAIN RECORD VALUE</c>, which ends with 0 when it is done.</summary>
/// <param name="Program">An absolute path.</param>
public sealed record HookSettings(string Program)
{
    /// <summary>Then it is stopped, with what it started.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What it finds in its environment besides PATH, HOME, LANG and TZ; nothing else of the portal's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Characters of its output that are shown to the owner.</summary>
    public int MaxOutput { get; init; } = 2000;
}
