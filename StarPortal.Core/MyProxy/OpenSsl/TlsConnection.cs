using System.Buffers;
using System.Net.Sockets;

namespace StarPortal.Core.MyProxy;

/// <summary>A client's TLS connection over an asynchronous socket, which it owns. One reader or writer at a time.</summary>
internal sealed class TlsConnection : IChannel, IDisposable
{
    private const int Tls13 = 0x0304;

    private readonly Socket socket;
    private readonly TlsSession session;
    private readonly byte[] received = ArrayPool<byte>.Shared.Rent(8 * 1024);
    private bool isDisposed;

    private TlsConnection(Socket socket, TlsServerContext context) => (this.socket, session) = (socket, new TlsSession(context));

    public bool IsTls13 { get; private set; }

    /// <summary>Such as <c>TLS 1.3</c>.</summary>
    public string Protocol => IsTls13 ? "TLS 1.3" : "TLS 1.2";

    /// <summary>DER, leaf first; not verified. Empty: the client has no certificate.</summary>
    public IReadOnlyList<byte[]> PeerChain { get; private set; } = [];

    /// <summary>The handshake. The socket is disposed with the connection, also when this fails.</summary>
    /// <exception cref="TlsException">What came is no TLS or not ours, or the client went away.</exception>
    public static async Task<TlsConnection> AcceptAsync(TlsServerContext context, Socket socket, CancellationToken ct)
    {
        var connection = new TlsConnection(socket, context);
        try
        {
            await connection.HandshakeAsync(ct);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <returns>How many bytes came; 0: the other end is done.</returns>
    /// <exception cref="TlsException">What came is no TLS.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        while (true)
        {
            var step = session.Read(buffer.Span, out var count);
            if (step is TlsStep.Done) return count;
            await SendPendingAsync(ct); // an answer to a key update, say
            if (step is TlsStep.Closed || !await ReceiveAsync(ct)) return 0;
        }
    }

    /// <summary>One message: all its records leave in one send, since the C client takes what has arrived for the whole.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        session.Write(message.Span);
        return SendPendingAsync(ct);
    }

    /// <summary>
    /// Says that nothing more comes, and waits for the client to be done, since closing a socket with unread input in it would take the last reply away from the client.
    /// As the genuine server this sends no close_notify.
    /// </summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(received, ct) > 0)
        {
            // What it still had to say is of no interest.
        }
    }

    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        session.Dispose();
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(received, clearArray: true);
    }

    private async Task HandshakeAsync(CancellationToken ct)
    {
        while (await StepAsync(ct) is not TlsStep.Done)
        {
            if (!await ReceiveAsync(ct)) throw new TlsException("the client went away during the handshake");
        }

        IsTls13 = session.Version == Tls13;
        PeerChain = session.ReadPeerChain();
    }

    private async Task<TlsStep> StepAsync(CancellationToken ct)
    {
        try
        {
            return session.Handshake();
        }
        finally
        {
            await SendPendingAsync(ct); // also the alert that says why not
        }
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken ct)
    {
        var count = await socket.ReceiveAsync(received, ct);
        session.Feed(received.AsSpan(0, count));
        return count > 0;
    }

    private async ValueTask SendPendingAsync(CancellationToken ct)
    {
        var length = session.Pending;
        if (length == 0) return;
        var records = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var count = session.Drain(records.AsSpan(0, length));
            for (var sent = 0; sent < count;) sent += await socket.SendAsync(records.AsMemory(sent, count - sent), ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(records);
        }
    }
}
