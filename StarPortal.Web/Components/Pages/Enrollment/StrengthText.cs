namespace StarPortal.Web.Components.Pages.Enrollment;

internal static class StrengthText
{
    /// <param name="strength">0 to 4, of a passphrase verdict.</param>
    public static string Of(int strength) => strength switch
    {
        <= 0 => "very weak",
        1 => "weak",
        2 => "fair",
        3 => "strong",
        _ => "very strong",
    };
}
