using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>The CAs that are trusted, as OpenSSL verifies chains: RFC 3820 proxies are allowed, and where a CA has a CRL it counts. Any number of threads may use one.</summary>
internal sealed class TrustStore : IDisposable
{
    // From x509_vfy.h and x509v3.h of OpenSSL 3.
    private const uint CrlCheck = 0x4;
    private const uint CrlCheckAll = 0x8;
    private const uint AllowProxyCertificates = 0x40;
    private const int UnableToGetCrl = 3;
    private const int PurposeClient = 1;

    private readonly StoreHandle store = LibCrypto.X509_STORE_new();

    private TrustStore()
    {
    }

    /// <exception cref="CryptographicException">A certificate or CRL of the set is unusable.</exception>
    public static unsafe TrustStore Of(TrustRootSet roots)
    {
        OpenSslLibrary.Require();
        var trust = new TrustStore();
        _ = LibCrypto.X509_STORE_set_flags(trust.store, AllowProxyCertificates | CrlCheck | CrlCheckAll);
        LibCrypto.X509_STORE_set_verify_cb(trust.store, &Forgive);
        foreach (var der in roots.Authorities)
        {
            using var authority = Der.ReadCertificate(der);
            if (LibCrypto.X509_STORE_add_cert(trust.store, authority) != 1) throw new CryptographicException(OpenSslLibrary.TakeError());
        }

        foreach (var der in roots.RevocationLists)
        {
            using var list = Der.ReadRevocationList(der);
            if (LibCrypto.X509_STORE_add_crl(trust.store, list) != 1) throw new CryptographicException(OpenSslLibrary.TakeError());
        }

        return trust;
    }

    /// <param name="chainLeafFirst">DER; more than is needed, and the root, may be among them.</param>
    /// <returns>Null when it is good at that time; else what is wrong in OpenSSL's words, such as <c>certificate has expired</c>.</returns>
    public string? FindProblem(IReadOnlyList<byte[]> chainLeafFirst, DateTimeOffset at) => Verify(chainLeafFirst, at).Problem;

    /// <summary>As <see cref="FindProblem"/>, and tells which certificates it was that are good: a client may send others of the same names besides.</summary>
    public TrustVerdict Verify(IReadOnlyList<byte[]> chainLeafFirst, DateTimeOffset at)
    {
        var certificates = new List<CertificateHandle>(chainLeafFirst.Count);
        try
        {
            foreach (var der in chainLeafFirst) certificates.Add(Der.ReadCertificate(der));
            return certificates.Count == 0 ? TrustVerdict.Bad("no certificate") : Verify(certificates, at);
        }
        catch (CryptographicException unreadable)
        {
            return TrustVerdict.Bad(unreadable.Message);
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }

    public void Dispose() => store.Dispose();

    private TrustVerdict Verify(List<CertificateHandle> certificates, DateTimeOffset at)
    {
        var isHeld = false;
        try
        {
            store.DangerousAddRef(ref isHeld); // the verification keeps a bare pointer to it
            using var others = LibCrypto.OPENSSL_sk_new_null();
            foreach (var certificate in certificates.Skip(1)) _ = LibCrypto.OPENSSL_sk_push(others, certificate.DangerousGetHandle());
            using var verification = LibCrypto.X509_STORE_CTX_new();
            if (LibCrypto.X509_STORE_CTX_init(verification, store, certificates[0], others) != 1) throw new CryptographicException(OpenSslLibrary.TakeError());
            _ = LibCrypto.X509_STORE_CTX_set_purpose(verification, PurposeClient);
            LibCrypto.X509_STORE_CTX_set_time(verification, 0, (nint)at.ToUnixTimeSeconds());
            if (LibCrypto.X509_verify_cert(verification) == 1) return new TrustVerdict(null, Der.WriteAll(LibCrypto.X509_STORE_CTX_get0_chain(verification)));
            LibCrypto.ERR_clear_error();
            return TrustVerdict.Bad(OpenSslLibrary.VerificationText(LibCrypto.X509_STORE_CTX_get_error(verification.DangerousGetHandle())));
        }
        finally
        {
            if (isHeld) store.DangerousRelease();
        }
    }

    /// <summary>A CA without a CRL is no fault: which have one is the trust directory's business.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Forgive(int isGood, nint verification) => isGood == 1 || LibCrypto.X509_STORE_CTX_get_error(verification) == UnableToGetCrl ? 1 : 0;
}
