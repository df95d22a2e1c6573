using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>How this server speaks TLS: with which certificate, which versions, and that a client certificate is asked for. Any number of threads may use one.</summary>
internal sealed class TlsServerContext : IDisposable
{
    // From ssl.h of OpenSSL 3.
    private const int SetMode = 33;
    private const int SetSessionCacheMode = 44;
    private const int AddChainCertificate = 89;
    private const int SetMinimalVersion = 123;
    private const int SetMaximalVersion = 124;
    private const int Tls12 = 0x0303;
    private const int Tls13 = 0x0304;
    private const int ReleaseBuffers = 0x10;
    private const int VerifyPeer = 1;
    private const ulong NoTickets = 1UL << 14;
    private const ulong NoRenegotiation = 1UL << 30;

    private TlsServerContext(SslContextHandle handle) => Handle = handle;

    internal SslContextHandle Handle { get; }

    /// <param name="chain">DER, the host's certificate first and the root last: a client that bootstraps its trust takes the root from here.</param>
    /// <param name="pkcs8">RSA or ECDSA.</param>
    /// <exception cref="CryptographicException">A certificate or the key is unusable, or they do not belong together.</exception>
    public static TlsServerContext Of(IReadOnlyList<byte[]> chain, ReadOnlySpan<byte> pkcs8)
    {
        OpenSslLibrary.Require();
        var context = new TlsServerContext(LibSsl.SSL_CTX_new(LibSsl.TLS_server_method()));
        try
        {
            context.SetRules();
            context.SetIdentity(chain, pkcs8);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public void Dispose() => Handle.Dispose();

    private unsafe void SetRules()
    {
        Require(LibSsl.SSL_CTX_ctrl(Handle, SetMinimalVersion, Tls12, 0));
        Require(LibSsl.SSL_CTX_ctrl(Handle, SetMaximalVersion, Tls13, 0));
        _ = LibSsl.SSL_CTX_ctrl(Handle, SetMode, ReleaseBuffers, 0); // thousands of idle connections hold no buffers

        // The C client takes each record before its first `0` for a token of the handshake: a ticket would put it out of step.
        _ = LibSsl.SSL_CTX_ctrl(Handle, SetSessionCacheMode, 0, 0);
        _ = LibSsl.SSL_CTX_set_options(Handle, NoTickets | NoRenegotiation);
        Require(LibSsl.SSL_CTX_set_num_tickets(Handle, 0));

        // Whether the certificate is good is TrustStore's to say, once there is a connection to say it on: who shows a bad one is nobody, not refused.
        LibSsl.SSL_CTX_set_verify(Handle, VerifyPeer, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(Handle, &Accept, 0);
    }

    private void SetIdentity(IReadOnlyList<byte[]> chain, ReadOnlySpan<byte> pkcs8)
    {
        using var leaf = Der.ReadCertificate(chain[0]);
        using var key = Der.ReadPrivateKey(pkcs8);
        Require(LibSsl.SSL_CTX_use_certificate(Handle, leaf));
        Require(LibSsl.SSL_CTX_use_PrivateKey(Handle, key));
        Require(LibSsl.SSL_CTX_check_private_key(Handle));
        foreach (var der in chain.Skip(1))
        {
            using var issuer = Der.ReadCertificate(der);
            Require(LibSsl.SSL_CTX_ctrl_certificate(Handle, AddChainCertificate, 1, issuer)); // 1: the context counts its own reference
        }
    }

    private static void Require(nint result)
    {
        if (result != 1) throw new CryptographicException($"OpenSSL refuses the host's certificate or key: {OpenSslLibrary.TakeError()}.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Accept(nint verification, nint argument) => 1;
}
