using System.Runtime.InteropServices;

namespace StarPortal.Core.MyProxy;

/// <summary>The functions of libcrypto that are used, by their own names; README.md says what each is for.</summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library)]
    internal static partial nint BIO_s_mem();

    [LibraryImport(Library)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Library)]
    internal static partial int BIO_free(nint bio);

    [LibraryImport(Library)]
    internal static partial int BIO_read(nint bio, byte* buffer, int length);

    [LibraryImport(Library)]
    internal static partial int BIO_write(nint bio, byte* buffer, int length);

    [LibraryImport(Library)]
    internal static partial nuint BIO_ctrl_pending(nint bio);

    [LibraryImport(Library)]
    internal static partial CertificateHandle d2i_X509(nint reuse, byte** der, nint length);

    [LibraryImport(Library)]
    internal static partial int i2d_X509(nint certificate, byte** der);

    [LibraryImport(Library)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(Library)]
    internal static partial RevocationListHandle d2i_X509_CRL(nint reuse, byte** der, nint length);

    [LibraryImport(Library)]
    internal static partial void X509_CRL_free(nint list);

    [LibraryImport(Library)]
    internal static partial PrivateKeyHandle d2i_AutoPrivateKey(nint reuse, byte** der, nint length);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    internal static partial StackHandle OPENSSL_sk_new_null();

    [LibraryImport(Library)]
    internal static partial int OPENSSL_sk_push(StackHandle stack, nint element);

    [LibraryImport(Library)]
    internal static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Library)]
    internal static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Library)]
    internal static partial void OPENSSL_sk_free(nint stack);

    [LibraryImport(Library)]
    internal static partial StoreHandle X509_STORE_new();

    [LibraryImport(Library)]
    internal static partial void X509_STORE_free(nint store);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_add_cert(StoreHandle store, CertificateHandle certificate);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_add_crl(StoreHandle store, RevocationListHandle list);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_set_flags(StoreHandle store, nuint flags);

    [LibraryImport(Library)]
    internal static partial void X509_STORE_set_verify_cb(StoreHandle store, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Library)]
    internal static partial VerificationHandle X509_STORE_CTX_new();

    [LibraryImport(Library)]
    internal static partial void X509_STORE_CTX_free(nint verification);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_CTX_init(VerificationHandle verification, StoreHandle store, CertificateHandle leaf, StackHandle others);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_CTX_set_purpose(VerificationHandle verification, int purpose);

    [LibraryImport(Library)]
    internal static partial void X509_STORE_CTX_set_time(VerificationHandle verification, nuint flags, nint time);

    [LibraryImport(Library)]
    internal static partial int X509_STORE_CTX_get_error(nint verification);

    [LibraryImport(Library)]
    internal static partial nint X509_STORE_CTX_get0_chain(VerificationHandle verification);

    [LibraryImport(Library)]
    internal static partial int X509_verify_cert(VerificationHandle verification);

    [LibraryImport(Library)]
    internal static partial nint X509_verify_cert_error_string(nint error);

    [LibraryImport(Library)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Library)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(Library)]
    internal static partial nint ERR_reason_error_string(nuint error);
}
