using System.Runtime.InteropServices;

namespace StarPortal.Core.MyProxy;

/// <summary>The functions of libssl that are used, by their own names; README.md says what each is for. C's <c>long</c> is <c>nint</c>, as on every Unix.</summary>
internal static unsafe partial class LibSsl
{
    internal const string Library = "libssl.so.3";

    [LibraryImport(Library)]
    internal static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport(Library)]
    internal static partial nint TLS_server_method();

    [LibraryImport(Library)]
    internal static partial SslContextHandle SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_ctrl(SslContextHandle context, int command, nint number, nint pointer);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_ctrl")]
    internal static partial nint SSL_CTX_ctrl_certificate(SslContextHandle context, int command, nint number, CertificateHandle certificate);

    [LibraryImport(Library)]
    internal static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_set_num_tickets(SslContextHandle context, nuint count);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_certificate(SslContextHandle context, CertificateHandle certificate);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_PrivateKey(SslContextHandle context, PrivateKeyHandle key);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_check_private_key(SslContextHandle context);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_verify(SslContextHandle context, int mode, nint callback);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_cert_verify_callback(SslContextHandle context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Library)]
    internal static partial SslHandle SSL_new(SslContextHandle context);

    [LibraryImport(Library)]
    internal static partial void SSL_free(nint connection);

    [LibraryImport(Library)]
    internal static partial void SSL_set_bio(SslHandle connection, nint reading, nint writing);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_rbio(SslHandle connection);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_wbio(SslHandle connection);

    [LibraryImport(Library)]
    internal static partial void SSL_set_accept_state(SslHandle connection);

    [LibraryImport(Library)]
    internal static partial int SSL_do_handshake(SslHandle connection);

    [LibraryImport(Library)]
    internal static partial int SSL_read(SslHandle connection, byte* buffer, int length);

    [LibraryImport(Library)]
    internal static partial int SSL_write(SslHandle connection, byte* buffer, int length);

    [LibraryImport(Library)]
    internal static partial int SSL_get_error(SslHandle connection, int result);

    [LibraryImport(Library)]
    internal static partial int SSL_version(SslHandle connection);

    [LibraryImport(Library)]
    internal static partial CertificateHandle SSL_get1_peer_certificate(SslHandle connection);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_peer_cert_chain(SslHandle connection);
}
