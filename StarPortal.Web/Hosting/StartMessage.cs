using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>What the console says once everything listens: where, and what to do first.</summary>
internal static class StartMessage
{
    public static async Task WriteAsync(IServiceProvider services, TextWriter console, CancellationToken ct)
    {
        var portal = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        List<string> lines =
        [
            $"{portal.Name} {PortalHost.Version} is ready.",
            $"  portal  {portal.Link("/")}",
            $"  root    {portal.PkiBaseUrl.AbsoluteUri.TrimEnd('/')}/pki/root.pem",
            $"  data    {portal.PathOf()}",
            .. await DemoAsync(services, portal, ct),
            .. await SetupLinkAsync(services, portal, ct),
        ];
        await console.WriteLineAsync(string.Join(Environment.NewLine, lines).AsMemory(), ct);
    }

    private static async Task<IEnumerable<string>> DemoAsync(IServiceProvider services, PortalOptions portal, CancellationToken ct)
    {
        if (!portal.Demo) return [];
        var (accounts, areNew) = await services.GetRequiredService<DemoPersonas>().EnsureAsync(ct);
        var file = portal.PathOf(DemoPersonas.FileName);
        return areNew
            ? ["", $"Demo accounts (kept in {file}):", .. accounts.Select(account => $"  {account.Value.UserName,-14} {account.Value.Password}")]
            : ["", $"Demo accounts: see {file}"];
    }

    /// <summary>After the demo's personas, since one of them is an administrator.</summary>
    private static async Task<IEnumerable<string>> SetupLinkAsync(IServiceProvider services, PortalOptions portal, CancellationToken ct) =>
        await services.GetRequiredService<FirstAdministrator>().EnsureLinkAsync(ct) is { } path
            ? ["", "Set up the first administrator with this link. It works once; `starportal setup-link` makes another:", $"  {portal.Link(path)}"]
            : [];
}
