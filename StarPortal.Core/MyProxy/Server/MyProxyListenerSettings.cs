using System.Net;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Where the listener listens.</summary>
internal sealed class MyProxyListenerSettings(IOptions<PortalOptions> portal, IOptions<MyProxyOptions> options)
{
    /// <summary>Null: nowhere.</summary>
    public IPEndPoint? EndPoint => options.Value.Port == 0 ? null : new IPEndPoint(portal.Value.ListenAddress == "*" ? IPAddress.IPv6Any : IPAddress.Parse(portal.Value.ListenAddress), options.Value.Port);
}
