using System.CommandLine;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Verbs;

internal static class SetupLinkVerb
{
    public static Command Make()
    {
        var verb = new Command("setup-link", "Prints a new one-time link that sets up the first administrator; links printed before are void. Fails when there is an administrator.");
        verb.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: true, async services =>
        {
            var path = await services.GetRequiredService<FirstAdministrator>().RenewLinkAsync(ct);
            await Console.Out.WriteLineAsync(services.GetRequiredService<IOptions<PortalOptions>>().Value.Link(path));
            return CommandLine.Done;
        }));
        return verb;
    }
}
