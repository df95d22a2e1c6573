namespace StarPortal.Core.MyProxy;

/// <summary>What a step of TLS came to.</summary>
internal enum TlsStep
{
    Done,

    /// <summary>Nothing more before the other end's next bytes.</summary>
    NeedsInput,

    /// <summary>The other end said that it is done.</summary>
    Closed,
}

/// <summary>One connection's TLS without its socket: bytes of the network go in and out by two memory BIOs. One thread at a time.</summary>
internal sealed unsafe class TlsSession : IDisposable
{
    private const int WantRead = 2;
    private const int ZeroReturn = 6;

    private readonly SslHandle ssl;

    public TlsSession(TlsServerContext context)
    {
        ssl = LibSsl.SSL_new(context.Handle);
        LibSsl.SSL_set_bio(ssl, LibCrypto.BIO_new(LibCrypto.BIO_s_mem()), LibCrypto.BIO_new(LibCrypto.BIO_s_mem()));
        LibSsl.SSL_set_accept_state(ssl);
    }

    /// <summary>0x0303 is TLS 1.2, 0x0304 TLS 1.3.</summary>
    public int Version => LibSsl.SSL_version(ssl);

    /// <summary>How many bytes wait to be sent.</summary>
    public int Pending => (int)LibCrypto.BIO_ctrl_pending(Held(LibSsl.SSL_get_wbio(ssl)));

    /// <exception cref="TlsException">The handshake failed; an alert may wait to be sent.</exception>
    public TlsStep Handshake()
    {
        LibCrypto.ERR_clear_error();
        return Judge(LibSsl.SSL_do_handshake(ssl), out _);
    }

    /// <exception cref="TlsException">What came is no TLS.</exception>
    public TlsStep Read(Span<byte> buffer, out int count)
    {
        LibCrypto.ERR_clear_error();
        fixed (byte* start = buffer) return Judge(LibSsl.SSL_read(ssl, start, buffer.Length), out count);
    }

    /// <summary>A memory BIO takes everything: one call makes all the records of a message.</summary>
    /// <exception cref="TlsException">The connection is broken.</exception>
    public void Write(ReadOnlySpan<byte> message)
    {
        LibCrypto.ERR_clear_error();
        fixed (byte* start = message) Judge(LibSsl.SSL_write(ssl, start, message.Length), out _);
    }

    /// <summary>What came from the network.</summary>
    public void Feed(ReadOnlySpan<byte> received)
    {
        fixed (byte* start = received) _ = LibCrypto.BIO_write(Held(LibSsl.SSL_get_rbio(ssl)), start, received.Length);
    }

    /// <summary>What is to go to the network.</summary>
    public int Drain(Span<byte> buffer)
    {
        fixed (byte* start = buffer) return LibCrypto.BIO_read(Held(LibSsl.SSL_get_wbio(ssl)), start, buffer.Length);
    }

    /// <summary>DER, leaf first, as the other end sent it; empty: it has no certificate.</summary>
    public IReadOnlyList<byte[]> ReadPeerChain()
    {
        using var leaf = LibSsl.SSL_get1_peer_certificate(ssl);
        if (leaf.IsInvalid) return [];
        List<byte[]> chain = [Der.Write(leaf.DangerousGetHandle()), .. Der.WriteAll(LibSsl.SSL_get_peer_cert_chain(ssl))]; // the latter without the leaf, on the server's side
        GC.KeepAlive(this);
        return chain;
    }

    public void Dispose() => ssl.Dispose();

    private TlsStep Judge(int result, out int count)
    {
        count = Math.Max(result, 0);
        if (result > 0) return TlsStep.Done;
        return LibSsl.SSL_get_error(ssl, result) switch
        {
            WantRead => TlsStep.NeedsInput,
            ZeroReturn => TlsStep.Closed,
            _ => throw new TlsException(OpenSslLibrary.TakeError()),
        };
    }

    /// <summary>The BIOs belong to the SSL: once that is freed they must not be touched.</summary>
    private nint Held(nint bio) => ssl.IsClosed ? throw new ObjectDisposedException(nameof(TlsSession)) : bio;
}
