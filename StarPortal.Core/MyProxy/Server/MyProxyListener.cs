using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// The MyProxy port. Each connection is a task of its own. At the end of the process nobody new is let in, who has asked for something gets it, and who has not yet is let go.
/// </summary>
internal sealed partial class MyProxyListener(
    ConnectionHandler handler, TlsContexts contexts, LiveConnections live, MyProxyListenerSettings settings, ILogger<MyProxyListener> logger) : IHostedService, IDisposable
{
    private const int Backlog = 1024;

    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<long, Served> served = new();
    private Socket? listener;
    private Task accepting = Task.CompletedTask;

    private sealed record Served(Task Work, CancellationTokenSource Stop);

    /// <summary>Where it listens; null: it does not.</summary>
    public IPEndPoint? EndPoint => listener?.LocalEndPoint as IPEndPoint;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.EndPoint is not { } endPoint) return;
        await contexts.GetAsync(cancellationToken); // what is wrong with OpenSSL or the host's certificate is told now
        listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endPoint.Address.Equals(IPAddress.IPv6Any)) listener.DualMode = true;
        listener.Bind(endPoint);
        listener.Listen(Backlog);
        accepting = AcceptAllAsync(listener);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        listener?.Dispose();
        await closing.CancelAsync();
        await accepting;
        foreach (var connection in live.List().Where(one => one.Command is null)) await StopOneAsync(connection.Id);
        try
        {
            await Task.WhenAll(served.Values.Select(one => one.Work)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var id in served.Keys) await StopOneAsync(id);
        }
    }

    public void Dispose()
    {
        listener?.Dispose();
        closing.Dispose();
    }

    private async Task AcceptAllAsync(Socket socket)
    {
        await Task.Yield();
        while (!closing.IsCancellationRequested)
        {
            try
            {
                Take(await socket.AcceptAsync(closing.Token));
            }
            catch (Exception over) when (closing.IsCancellationRequested && (over is OperationCanceledException or SocketException or ObjectDisposedException))
            {
                return;
            }
            catch (SocketException error)
            {
                // Out of file handles, or a client that was gone before it was let in. The pause keeps the former from filling the log.
                LogNotAccepted(error);
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    private void Take(Socket socket)
    {
        if (live.TryAdd(AddressOf(socket)) is not { } connection)
        {
            handler.Refuse(socket);
            return;
        }

        var stop = new CancellationTokenSource();
        var isReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        served[connection.Id] = new(ServeAsync(socket, connection, isReady.Task, stop), stop);
        isReady.SetResult();
    }

    /// <param name="ready">Its entry is made: it may end, and take that away again.</param>
    private async Task ServeAsync(Socket socket, LiveConnection connection, Task ready, CancellationTokenSource stop)
    {
        await ready;
        try
        {
            socket.NoDelay = true;
            await handler.ServeAsync(socket, connection, stop.Token);
        }
#pragma warning disable CA1031 // One connection must never end the process; what is expected was dealt with below.
        catch (Exception error)
        {
            if (error is not OperationCanceledException and not SocketException) LogFailed(error);
        }
#pragma warning restore CA1031
        finally
        {
            socket.Dispose();
            live.Remove(connection);
            served.TryRemove(connection.Id, out _);
            stop.Dispose();
        }
    }

    private async Task StopOneAsync(long id)
    {
        if (!served.TryGetValue(id, out var one)) return;
        try
        {
            await one.Stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    private static string AddressOf(Socket socket)
    {
        var address = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A MyProxy connection could not be accepted")]
    private partial void LogNotAccepted(SocketException error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A MyProxy connection failed unexpectedly")]
    private partial void LogFailed(Exception error);
}
