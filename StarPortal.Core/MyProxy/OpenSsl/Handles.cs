using Microsoft.Win32.SafeHandles;

namespace StarPortal.Core.MyProxy;

/// <summary>SSL_CTX, counted by OpenSSL: connections made of it keep it alive.</summary>
internal sealed class SslContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}

/// <summary>SSL with the two memory BIOs that it was given.</summary>
internal sealed class SslHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        return true;
    }
}

/// <summary>X509_STORE.</summary>
internal sealed class StoreHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_STORE_free(handle);
        return true;
    }
}

/// <summary>X509_STORE_CTX: one verification.</summary>
internal sealed class VerificationHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_STORE_CTX_free(handle);
        return true;
    }
}

/// <summary>X509.</summary>
internal sealed class CertificateHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_free(handle);
        return true;
    }
}

/// <summary>X509_CRL.</summary>
internal sealed class RevocationListHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_CRL_free(handle);
        return true;
    }
}

/// <summary>EVP_PKEY.</summary>
internal sealed class PrivateKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}

/// <summary>STACK_OF(X509) that owns none of its elements.</summary>
internal sealed class StackHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.OPENSSL_sk_free(handle);
        return true;
    }
}
