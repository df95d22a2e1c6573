using StarPortal.Core.Registry;

namespace StarPortal.Web.Components.Pages.Registry;

/// <summary>The registry in the words of the pages.</summary>
internal static class RegistryWords
{
    public static (string Kind, string Text) Of(RegistryEntryState state) => state switch
    {
        RegistryEntryState.Active => ("good", "In"),
        RegistryEntryState.Suspended => ("wait", "Suspended"),
        RegistryEntryState.Removed => ("off", "Removed"),
    };

    public static (string Kind, string Text) Of(AccessRequestStatus status) => status switch
    {
        AccessRequestStatus.Waiting => ("wait", "Waits for the owners"),
        AccessRequestStatus.Granted => ("good", "Granted"),
        AccessRequestStatus.Refused => ("bad", "Refused"),
        AccessRequestStatus.Withdrawn => ("off", "Withdrawn"),
        AccessRequestStatus.Lapsed => ("off", "Nobody decided in time"),
    };

    public static (string Kind, string Text) Of(DivergenceKind kind) => kind switch
    {
        DivergenceKind.Missing => ("wait", "Missing there"),
        DivergenceKind.Different => ("wait", "Different there"),
        DivergenceKind.Unknown => ("bad", "Not known here"),
    };

    /// <summary>From when on something counts that is granted to somebody whose entry is in this state; null: there is none.</summary>
    public static string WhenOf(RegistryEntryState? state) => state is not { } known ? ", not in the registry yet: it counts from the first certificate on" : known switch
    {
        RegistryEntryState.Active => "",
        RegistryEntryState.Suspended or RegistryEntryState.Removed => ", suspended: it counts once that is lifted",
    };

    /// <summary>Why an entry is suspended.</summary>
    public static string WhyOf(RegistryEntry entry) => string.Join("; ", ((string?[])[entry.LostAt is null ? null : "a device was lost", entry.RemovalAt is null ? null : "the person is being removed"]).OfType<string>());

    public static RegistryEntryState? ReadState(string? text) => Enum.TryParse<RegistryEntryState>(text, out var state) && Enum.IsDefined(state) ? state : null;
}
