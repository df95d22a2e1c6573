using StarPortal.Core.Approval;

namespace StarPortal.Web.Components.Pages.Approval;

/// <summary>What has become of a message, in the officers' words.</summary>
internal static class CaMailWords
{
    public static string Of(CaMailStatus status) => status switch
    {
        CaMailStatus.Issued => "Issued by it",
        CaMailStatus.Repeated => "Seen before",
        CaMailStatus.SetAside => "Needs a look",
        CaMailStatus.Taken => "Certificate taken",
        CaMailStatus.Dismissed => "Dismissed",
    };

    public static string KindOf(CaMailStatus status) => status switch
    {
        CaMailStatus.Issued or CaMailStatus.Taken => "good",
        CaMailStatus.Repeated or CaMailStatus.Dismissed => "off",
        CaMailStatus.SetAside => "wait",
    };

    /// <summary>A message without a subject has to have a name that can be clicked.</summary>
    public static string Title(string subject) => string.IsNullOrWhiteSpace(subject) ? "(no subject)" : subject;
}
