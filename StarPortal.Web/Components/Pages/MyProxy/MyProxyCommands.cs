using System.Globalization;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Web.Components.Pages.Acme;

namespace StarPortal.Web.Components.Pages.MyProxy;

/// <summary>Commands that work as they stand, for the genuine MyProxy clients.</summary>
public static class MyProxyCommands
{
    /// <summary>What a person does with a credential. The first is for a machine that knows neither the server nor its CAs.</summary>
    public static IReadOnlyList<ReadyCommand> For(StoredCredentialView credential, PortalOptions portal, MyProxyOptions options)
    {
        var which = WhichOf(portal, options, credential.UserName, credential.CredentialName);
        return
        [
            new("On a machine for the first time: trust this server, get its CAs and a proxy", $"myproxy-logon {which} -b -T"),
            new("From then on: a proxy for twelve hours, and CAs and revocation lists brought up to date", $"myproxy-logon {which} -T -t 12"),
            new("See the proxy that you got", "grid-proxy-info"),
        ];
    }

    /// <summary>What the owner does to it, with the own certificate or a proxy of it.</summary>
    public static IReadOnlyList<ReadyCommand> ForOwner(StoredCredentialView credential, PortalOptions portal, MyProxyOptions options)
    {
        var which = WhichOf(portal, options, credential.UserName, credential.CredentialName);
        return
        [
            new("See what is stored", $"myproxy-info {WhichOf(portal, options, credential.UserName, "")}"),
            new("Change the passphrase", $"myproxy-change-pass-phrase {which}"),
            new("Remove it", $"myproxy-destroy {which}"),
        ];
    }

    private static string WhichOf(PortalOptions portal, MyProxyOptions options, string userName, string credentialName) => string.Create(CultureInfo.InvariantCulture,
        $"-s {portal.BaseUrl.IdnHost.Trim('[', ']')} -p {options.Port} -l {Quote(userName)}{(credentialName.Length == 0 ? "" : $" -k {Quote(credentialName)}")}");

    /// <summary>Clients choose their names freely: what is more than a word is quoted, so that no shell reads it as anything else.</summary>
    public static string Quote(string word) => word.Length > 0 && word[0] != '-' && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@')
        ? word
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
