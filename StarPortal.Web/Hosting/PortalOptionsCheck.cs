using System.Net;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>What annotations can't say about section <c>Portal</c>.</summary>
internal sealed class PortalOptionsCheck(IHostEnvironment environment) : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Problems(PortalOptions options)
    {
        if (options.ListenAddress != "*" && !IPAddress.TryParse(options.ListenAddress, out _))
            yield return $"Portal:ListenAddress is '{options.ListenAddress}': give an IP address, or * for all.";
        if (options.HttpsPort != 0 && options.HttpsPort == options.HttpPort)
            yield return $"Portal:HttpsPort and Portal:HttpPort are both {options.HttpPort}: give each a port of its own.";
        if (options is { HttpsPort: 0, HttpPort: 0 })
            yield return "Portal:HttpsPort and Portal:HttpPort are both 0: nothing would listen.";
        if (options is { HttpsPort: 0, TrustedProxies.Length: 0 })
            yield return "Portal:HttpsPort is 0, so a proxy has to terminate TLS: name its address in Portal:TrustedProxies.";
        if (options.PublicUrl is not null && options.BaseUrl.Scheme != Uri.UriSchemeHttps)
            yield return $"Portal:PublicUrl is '{options.PublicUrl}': sessions need https.";
        if (options.PkiUrl is not null && options.PkiBaseUrl.Scheme != Uri.UriSchemeHttp)
            yield return $"Portal:PkiUrl is '{options.PkiUrl}': clients that check a certificate need plain http.";
        foreach (var proxy in options.TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)))
            yield return $"Portal:TrustedProxies has '{proxy}': give IP addresses or networks such as 10.0.0.0/8.";
        if (options.Demo && environment.IsProduction())
            yield return "Portal:Demo is on and the environment is Production: personas with printed passwords must not exist there.";
    }
}
