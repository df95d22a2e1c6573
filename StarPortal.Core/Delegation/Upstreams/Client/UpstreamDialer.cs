using System.Net;
using System.Net.Sockets;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Connects: to the directory's host as the system does, since an administrator chose it and it may be in the house; to any other host only by the addresses
/// that the guard of validations permits, resolved once.
/// </summary>
public sealed class UpstreamDialer(TargetResolver resolver, TargetConnector connector)
{
    internal async ValueTask<Stream> ConnectAsync(UpstreamUrls urls, DnsEndPoint target, CancellationToken ct)
    {
        if (urls.IsOwnHost(target.Host, target.Port)) return await ConnectDirectlyAsync(target, ct);
        var trace = new ValidationTrace();
        try
        {
            return await connector.ConnectAsync(await resolver.ResolveAsync(target.Host.Trim('[', ']'), trace, ct), target.Port, trace, ct);
        }
        catch (ValidationFailedException refused)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, refused.Message, refused);
        }
    }

    private static async Task<NetworkStream> ConnectDirectlyAsync(DnsEndPoint target, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
