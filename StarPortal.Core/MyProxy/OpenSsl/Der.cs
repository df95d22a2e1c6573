using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>Between DER and OpenSSL's objects.</summary>
internal static unsafe class Der
{
    /// <exception cref="CryptographicException">It is no certificate, or something follows it.</exception>
    public static CertificateHandle ReadCertificate(ReadOnlySpan<byte> der)
    {
        fixed (byte* start = der)
        {
            var end = start;
            return Whole(LibCrypto.d2i_X509(0, &end, der.Length), end - start == der.Length, "certificate");
        }
    }

    /// <exception cref="CryptographicException">It is no CRL, or something follows it.</exception>
    public static RevocationListHandle ReadRevocationList(ReadOnlySpan<byte> der)
    {
        fixed (byte* start = der)
        {
            var end = start;
            return Whole(LibCrypto.d2i_X509_CRL(0, &end, der.Length), end - start == der.Length, "revocation list");
        }
    }

    /// <exception cref="CryptographicException">It is no private key.</exception>
    public static PrivateKeyHandle ReadPrivateKey(ReadOnlySpan<byte> pkcs8)
    {
        fixed (byte* start = pkcs8)
        {
            var end = start;
            return Whole(LibCrypto.d2i_AutoPrivateKey(0, &end, pkcs8.Length), end - start == pkcs8.Length, "private key");
        }
    }

    /// <param name="certificate">An X509 that somebody holds for as long as this takes.</param>
    public static byte[] Write(nint certificate)
    {
        var der = new byte[LibCrypto.i2d_X509(certificate, null)];
        fixed (byte* start = der)
        {
            var end = start;
            _ = LibCrypto.i2d_X509(certificate, &end);
        }

        return der;
    }

    /// <param name="stack">STACK_OF(X509) or 0, held as above.</param>
    public static List<byte[]> WriteAll(nint stack)
    {
        List<byte[]> all = [];
        for (var index = 0; stack != 0 && index < LibCrypto.OPENSSL_sk_num(stack); index++) all.Add(Write(LibCrypto.OPENSSL_sk_value(stack, index)));
        return all;
    }

    private static T Whole<T>(T handle, bool isWhole, string what)
        where T : System.Runtime.InteropServices.SafeHandle
    {
        if (!handle.IsInvalid && isWhole) return handle;
        handle.Dispose();
        throw new CryptographicException($"This is not a {what}: {OpenSslLibrary.TakeError()}.");
    }
}
