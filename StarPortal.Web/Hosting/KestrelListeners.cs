using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using StarPortal.Core.Delegation;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Web.Hosting;

/// <summary>The sockets that the portal listens on, and what they let in at most.</summary>
internal sealed class KestrelListeners(IOptions<PortalOptions> portal, IOptions<StarOptions> star, IOptions<DelegationOptions> delegation, HostTls tls) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>Four times the largest signing request that is worth reading, so that a larger one still gets its message beside the field.</summary>
    internal const long MaxRequestBytes = 4 * 1024 * 1024;

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxRequestBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

        Listen(options, portal.Value.HttpPort, listener => listener.Protocols = HttpProtocols.Http1);
        Listen(options, portal.Value.HttpsPort, UseTls);
        if (star.Value.HasLookup) Listen(options, star.Value.LookupPort, UseTls);
        Listen(options, delegation.Value.ClientCertificatePort, listener => UseTls(listener, () => tls.CurrentWithClient));
    }

    /// <summary>Asks for the ports before anything else is done, since Kestrel would tell it with a stack trace.</summary>
    /// <exception cref="ServiceException">Unavailable, naming the setting.</exception>
    internal static void RequireFreePorts(PortalOptions portal, StarOptions star, DelegationOptions delegation, MyProxyOptions myProxy)
    {
        var address = portal.ListenAddress == "*" ? IPAddress.IPv6Any : IPAddress.Parse(portal.ListenAddress);
        RequireFree(address, portal.HttpsPort, $"{PortalOptions.Section}:{nameof(PortalOptions.HttpsPort)}");
        RequireFree(address, portal.HttpPort, $"{PortalOptions.Section}:{nameof(PortalOptions.HttpPort)}");
        if (star.HasLookup) RequireFree(address, star.LookupPort, $"{StarOptions.Section}:{nameof(StarOptions.LookupPort)}");
        RequireFree(address, delegation.ClientCertificatePort, $"{DelegationOptions.Section}:{nameof(DelegationOptions.ClientCertificatePort)}");
        RequireFree(address, myProxy.Port, $"{MyProxyOptions.Section}:{nameof(MyProxyOptions.Port)}");
    }

    private static void RequireFree(IPAddress address, int port, string setting)
    {
        if (port == 0) return;
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
        }
        catch (SocketException refused)
        {
            throw new ServiceException(ErrorKind.Unavailable, $"Can't listen on {address} port {port} ({setting}): {refused.Message}.");
        }
    }

    private void UseTls(ListenOptions listener) => UseTls(listener, () => tls.Current);

    private static void UseTls(ListenOptions listener, Func<System.Net.Security.SslServerAuthenticationOptions> current)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(current()), HandshakeTimeout = TimeSpan.FromSeconds(10) });
    }

    private void Listen(KestrelServerOptions options, int port, Action<ListenOptions> configure)
    {
        if (port == 0) return;
        if (portal.Value.ListenAddress == "*") options.ListenAnyIP(port, configure);
        else options.Listen(IPAddress.Parse(portal.Value.ListenAddress), port, configure);
    }
}
