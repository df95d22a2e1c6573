using System.Globalization;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>Writes each mail to <c>mail/{id}.eml</c> of the data directory, exactly as a server would get it; a repetition overwrites its file.</summary>
public sealed class EmlMailTransport(MailComposer composer, IOptions<PortalOptions> portal, TimeProvider clock) : IMailTransport
{
    public async Task<string> SendAsync(Guid id, MailMessage message, CancellationToken ct)
    {
        var folder = portal.Value.PathOf("mail");
        PrivateDirectory.Create(folder);
        var content = await RenderAsync(id, message, folder, ct);
        await PrivateDirectory.WriteAsync(Path.Combine(folder, $"{id:N}.eml"), Encoding.UTF8.GetBytes(content), ct);
        return $"Written to mail/{id:N}.eml";
    }

    private async Task<string> RenderAsync(Guid id, MailMessage message, string folder, CancellationToken ct)
    {
        var pickup = Path.Combine(folder, $".{Guid.NewGuid():N}");
        PrivateDirectory.Create(pickup);
        try
        {
            using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = pickup };
            using var mail = composer.Compose(id, message);
            await client.SendMailAsync(mail, ct);
            return OwnHeaders(await File.ReadAllTextAsync(Directory.GetFiles(pickup).Single(), ct));
        }
        finally
        {
            Directory.Delete(pickup, recursive: true);
        }
    }

    /// <summary>The framework's envelope lines go; its Date is the machine's, ours is the portal's clock.</summary>
    private string OwnHeaders(string eml)
    {
        var end = eml.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = eml[..end].Split("\r\n");
        var date = clock.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        List<string> kept = [];
        var dropping = false;
        foreach (var line in headers)
        {
            if (line[0] is not (' ' or '\t')) dropping = line.StartsWith("X-Sender:", StringComparison.Ordinal) || line.StartsWith("X-Receiver:", StringComparison.Ordinal);
            if (!dropping) kept.Add(line.StartsWith("Date:", StringComparison.Ordinal) ? $"Date: {date}" : line);
        }

        return string.Join("\r\n", kept) + eml[end..];
    }
}
