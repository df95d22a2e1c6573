namespace StarPortal.Web.Components.Pages.Acme;

/// <summary>What the commands of clients are made from.</summary>
/// <param name="Directory">The directory's URL.</param>
/// <param name="Root">Where the root certificate lies on the client's machine; null: the client trusts this portal's own certificate already.</param>
/// <param name="Name">A DNS name, checked: it becomes part of a command.</param>
/// <param name="KeyId">Of the external account binding; null: none is needed.</param>
public sealed record ClientSetting(string Directory, string? Root, string Name, string? KeyId = null, string? MacKey = null)
{
    /// <summary>What a wildcard is wanted for: hardly anything lies below www.</summary>
    internal string Domain => Name.StartsWith("www.", StringComparison.Ordinal) && Name.AsSpan(4).Contains('.') ? Name[4..] : Name;
}

/// <summary>A command to copy.</summary>
public sealed record ReadyCommand(string Title, string Text);

/// <summary>Commands that work as they stand, for the clients that servers have most.</summary>
internal static class ClientCommands
{
    private const string Mail = "you@example.org";

    public static IReadOnlyList<ReadyCommand> Certbot(ClientSetting setting)
    {
        var program = setting.Root is null ? "sudo certbot" : $"sudo REQUESTS_CA_BUNDLE={setting.Root} certbot";
        string[] account = [$"--server {setting.Directory}", $"--agree-tos -m {Mail}", .. Binding(setting, "--eab-kid", "--eab-hmac-key")];
        return
        [
            new("Get a certificate; port 80 has to be free", Join([$"{program} certonly --standalone", .. account, $"-d {setting.Name}"])),
            new("With a wildcard, by a TXT record that you set by hand", Join([$"{program} certonly --manual --preferred-challenges dns", .. account, $"-d {setting.Domain} -d '*.{setting.Domain}'"])),
            new("Renew what is due; put it into a timer", $"{program} renew"),
            new("Revoke", $"{program} revoke --cert-name {setting.Name}"),
        ];
    }

    public static IReadOnlyList<ReadyCommand> Lego(ClientSetting setting)
    {
        var program = setting.Root is null ? "sudo lego" : $"sudo LEGO_CA_CERTIFICATES={setting.Root} lego";
        string[] account = [$"{program} --server {setting.Directory}", $"--path /etc/lego --accept-tos --email {Mail}", .. Binding(setting, "--eab --kid", "--hmac")];
        return
        [
            new("Get a certificate; port 80 has to be free", Join([.. account, $"--domains {setting.Name} --http run"])),
            new("By TLS on port 443 instead", Join([.. account, $"--domains {setting.Name} --tls run"])),
            new("With a wildcard, by a TXT record that you set by hand", Join([.. account, $"--domains {setting.Domain} --domains '*.{setting.Domain}' --dns manual run"])),
            new("Renew; put it into a timer", Join([.. account, $"--domains {setting.Name} --http renew"])),
        ];
    }

    public static IReadOnlyList<ReadyCommand> AcmeSh(ClientSetting setting)
    {
        string[] account = [$"--server {setting.Directory}", .. setting.Root is null ? (string[])[] : [$"--ca-bundle {setting.Root}"]];
        return
        [
            new("Register, once", Join(["acme.sh --register-account", .. account, $"-m {Mail}", .. Binding(setting, "--eab-kid", "--eab-hmac-key")])),
            new("Get a certificate; port 80 has to be free. Renewals follow by themselves", Join(["acme.sh --issue --standalone", .. account, $"-d {setting.Name}"])),
            new("With a wildcard, by dynamic DNS updates", Join(["acme.sh --issue --dns dns_nsupdate", .. account, $"-d {setting.Domain} -d '*.{setting.Domain}'"])),
        ];
    }

    private static string[] Binding(ClientSetting setting, string keyId, string macKey) =>
        setting.KeyId is null ? [] : [$"{keyId} {setting.KeyId}", $"{macKey} {setting.MacKey}"];

    private static string Join(IEnumerable<string> parts) => string.Join(" \\\n  ", parts);
}
