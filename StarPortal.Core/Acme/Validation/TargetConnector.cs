using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>Connects to the first address of a permitted target that accepts.</summary>
public sealed class TargetConnector(IOptions<AcmeOptions> options)
{
    /// <exception cref="ValidationFailedException">No address accepted the connection.</exception>
    internal async Task<NetworkStream> ConnectAsync(PermittedTarget target, int port, ValidationTrace trace, CancellationToken ct)
    {
        List<string> failures = [];
        foreach (var address in target.Addresses)
        {
            var (stream, failure) = await TryAsync(new IPEndPoint(address, port), ct);
            trace.Add($"connect to {address} port {port}: {failure ?? "connected"}");
            if (stream is not null) return stream;
            failures.Add($"{address} {failure}");
        }

        throw new ValidationFailedException(AcmeProblemType.Connection,
            $"No connection to {ValidationTrace.Quote(target.Host, 253)} on port {port}: {string.Join("; ", failures)}. Check that a server listens there and that firewalls let this server in, then try again.");
    }

    private async Task<(NetworkStream? Stream, string? Failure)> TryAsync(IPEndPoint target, CancellationToken ct)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(options.Value.Validation.ConnectTimeout);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, bound.Token);
            return (new NetworkStream(socket, ownsSocket: true), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            socket.Dispose();
            return (null, "did not answer in time");
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            return (null, exception.SocketErrorCode is SocketError.ConnectionRefused ? "refused the connection" : "cannot be reached");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
