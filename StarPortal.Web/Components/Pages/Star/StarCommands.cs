using StarPortal.Core.Star;
using StarPortal.Web.Components.Pages.Acme;

namespace StarPortal.Web.Components.Pages.Star;

/// <summary>Commands that work as they stand for the machine that uses the certificate.</summary>
internal static class StarCommands
{
    private const string Folder = "/etc/ssl/star";

    /// <param name="url">The star-certificate URL.</param>
    /// <param name="name">A name that the certificate is for: it becomes a file name.</param>
    /// <param name="root">Where the root certificate lies on that machine; null: it trusts this portal's own certificate already.</param>
    public static IReadOnlyList<ReadyCommand> For(string url, string name, string? root)
    {
        var file = FileNameOf(name);
        return
        [
            new("Keep the file fresh, and reload the server after each change", Join([$"starportal star fetch {url}", $"--out {Folder} --name {file}", .. root is null ? (string[])[] : [$"--ca-file {root}"], "--exec 'systemctl reload nginx'"])),
            new("Fetch it once, with curl", Join(["curl -fsS", .. root is null ? (string[])[] : [$"--cacert {root}"], $"-o {file}.pem", url])),
            new("See when the next one comes and when this one ends", Join(["curl -fsSI", .. root is null ? (string[])[] : [$"--cacert {root}"], url])),
        ];
    }

    private static string FileNameOf(string name)
    {
        var file = name.Replace('*', '_').Replace(':', '-');
        return CertificateFile.IsName(file) && file.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') ? file : "star";
    }

    private static string Join(IEnumerable<string> parts) => string.Join(" \\\n  ", parts);
}
