using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>What the console says once everything listens: where, and what to do first.</summary>
internal static class StartMessage
{
    public static async Task WriteAsync(
        IServiceProvider services, IReadOnlyDictionary<string, DemoAccount>? newDemoAccounts, TextWriter console, CancellationToken ct)
    {
        var portal = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        List<string> lines =
        [
            $"{portal.Name} {PortalHost.Version} is ready.",
            $"  portal  {portal.Link("/")}",
            $"  root    {portal.PkiBaseUrl.AbsoluteUri.TrimEnd('/')}/pki/root.pem",
            .. MyProxy(portal, services.GetRequiredService<IOptions<MyProxyOptions>>().Value),
            $"  data    {portal.PathOf()}",
            .. Demo(portal, newDemoAccounts),
            .. await SetupLinkAsync(services, portal, ct),
        ];
        await console.WriteLineAsync(string.Join(Environment.NewLine, lines).AsMemory(), ct);
    }

    private static IEnumerable<string> MyProxy(PortalOptions portal, MyProxyOptions options) =>
        options.Port == 0 ? [] : [$"  myproxy {portal.BaseUrl.Host}:{options.Port}"];

    private static IEnumerable<string> Demo(PortalOptions portal, IReadOnlyDictionary<string, DemoAccount>? newAccounts)
    {
        var file = portal.PathOf(DemoPersonas.FileName);
        if (newAccounts is not null)
            return ["", $"Demo accounts, kept in {file}:", .. newAccounts.Values.Select(account => $"  {account.UserName,-14} {account.Password}")];
        return portal.Demo ? ["", $"Demo accounts: see {file}"] : [];
    }

    private static async Task<IEnumerable<string>> SetupLinkAsync(IServiceProvider services, PortalOptions portal, CancellationToken ct)
    {
        var administrator = services.GetRequiredService<FirstAdministrator>();
        if (await administrator.EnsureLinkAsync(ct) is { } path)
            return ["", "Set up the first administrator with this link. It works once; `starportal setup-link` makes another:", $"  {portal.Link(path)}"];
        return await administrator.IsMissingAsync(ct)
            ? ["", "There is no administrator yet. The link was made at an earlier start; if it was lost, `starportal setup-link` makes another."]
            : [];
    }
}
