using System.CommandLine;
using StarPortal.Web.Hosting;

namespace StarPortal.Web.Verbs;

internal static class VersionVerb
{
    public static Command Make()
    {
        var verb = new Command("version", "Prints the version.");
        verb.SetAction(async (_, _) =>
        {
            await Console.Out.WriteLineAsync($"starportal {PortalHost.Version}");
            return CommandLine.Done;
        });
        return verb;
    }
}
