using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Verbs;

internal static class MailTestVerb
{
    public static Command Make()
    {
        var address = new Argument<string>("address") { Description = "Who gets the mail." };
        var verb = new Command("mail-test", "Sends a test mail by the configured transport, at once, and prints the server's answer.") { address };
        verb.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: false, async services =>
        {
            var to = parsed.GetRequiredValue(address);
            if (!Mailer.IsAddress(to))
            {
                await Console.Error.WriteLineAsync($"starportal: '{to}' is not a mail address.");
                return CommandLine.WrongUse;
            }

            await Console.Out.WriteLineAsync(await services.GetRequiredService<IMailTransport>().SendAsync(SecureTokens.NewId(), Message(services, to), ct));
            return CommandLine.Done;
        }));
        return verb;
    }

    private static MailMessage Message(IServiceProvider services, string to)
    {
        var portal = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        return services.GetRequiredService<MailTemplates>().Render("mail/test", to, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["portal"] = portal.Name,
            ["sentAt"] = services.GetRequiredService<TimeProvider>().GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
            ["server"] = Environment.MachineName,
            ["link"] = portal.Link("/"),
        });
    }
}
