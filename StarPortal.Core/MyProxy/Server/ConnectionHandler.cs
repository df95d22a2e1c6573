using System.Net.Sockets;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>One connection from its first byte to its last: TLS, the two bytes of greeting, who it is, the conversation.</summary>
internal sealed class ConnectionHandler(
    TlsContexts contexts, PeerReader peers, MyProxyConversation conversation, MyProxyMetrics metrics, IOptions<MyProxyOptions> options)
{
    /// <summary>"No delegation": what every client says first, in GSI's words.</summary>
    private const byte NoDelegation = (byte)'0';

    private static readonly byte[] Token = [0];
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Never throws but when it is cancelled. The socket is closed afterwards.</summary>
    public async Task ServeAsync(Socket socket, LiveConnection live, CancellationToken ct)
    {
        using var tls = await TryHandshakeAsync(socket, ct);
        if (tls is null) return;
        live.Protocol = tls.Protocol;
        var channel = new PatientChannel(tls, options.Value.IdleTimeout, options.Value.RequestTimeout);
        using var reader = new MessageReader(channel, Gap);
        if (!await TryGreetAsync(socket, tls, channel, reader, ct)) return;

        var peer = await peers.ReadAsync(tls.PeerChain, live.Address, ct);
        live.Client = peer.Client.Name;
        var outcome = await conversation.RunAsync(channel, reader, peer, request => (live.Command, live.UserName) = (request.Command, request.UserName), ct);
        if (outcome is not ConversationOutcome.Left) await CloseAsync(tls, ct);
    }

    /// <summary>There are too many already.</summary>
    public void Refuse(Socket socket)
    {
        metrics.CountDropped("limit");
        socket.Dispose();
    }

    private async Task<TlsConnection?> TryHandshakeAsync(Socket socket, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.HandshakeTimeout);
        try
        {
            return await TlsConnection.AcceptAsync(await contexts.GetAsync(ct), socket, limit.Token);
        }
        catch (Exception gone) when (IsGone(gone, ct))
        {
            metrics.CountDropped("no-tls");
            return null;
        }
    }

    /// <summary>
    /// With TLS 1.3 the client's <c>0</c> waits for a token of the server's, one byte in a record of its own; with TLS 1.2 nothing is sent. Who says nothing and leaves is no
    /// attacker: myproxy-logon -b comes to look at the certificates first.
    /// </summary>
    private async Task<bool> TryGreetAsync(Socket socket, TlsConnection tls, PatientChannel channel, MessageReader reader, CancellationToken ct)
    {
        try
        {
            QuickAck.Set(socket);
            if (tls.IsTls13) await channel.WriteAsync(Token, ct);
            var first = await reader.TryReadByteAsync(ct);
            QuickAck.Set(socket);
            if (first is null) metrics.CountDropped("silent");
            else if (first is not NoDelegation) metrics.CountDropped("no-myproxy");
            return first is NoDelegation;
        }
        catch (Exception gone) when (IsGone(gone, ct) || gone is ServiceException)
        {
            metrics.CountDropped("silent");
            return false;
        }
    }

    private static async Task CloseAsync(TlsConnection tls, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Farewell);
        try
        {
            await tls.CloseAsync(limit.Token);
        }
        catch (Exception gone) when (IsGone(gone, ct))
        {
            // It has what it wanted, or does not want it any more.
        }
    }

    private static bool IsGone(Exception error, CancellationToken ct) =>
        error is IOException or SocketException || (error is OperationCanceledException && !ct.IsCancellationRequested);
}
