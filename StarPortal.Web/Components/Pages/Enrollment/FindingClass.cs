using StarPortal.Core.Authority;

namespace StarPortal.Web.Components.Pages.Enrollment;

internal static class FindingClass
{
    public static string Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Block => "stop",
        FindingSeverity.Acknowledge => "ask",
        FindingSeverity.Inform => "tell",
    };
}
