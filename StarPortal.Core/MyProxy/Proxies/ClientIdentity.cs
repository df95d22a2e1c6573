using System.Formats.Asn1;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Whose chain it is: the subject under the proxies that impersonate it (RFC 3820 2.3).</summary>
public static class ClientIdentity
{
    /// <summary>Proxies, end entity and CAs together.</summary>
    public const int MaxChain = 20;

    /// <summary>Reads the name; whether the chain is to be believed, signatures and all, was OpenSSL's to say before.</summary>
    /// <param name="peerChainLeafFirst">
    /// As it was verified (<c>SSL_get0_verified_chain</c>), not as it was sent: a client may send certificates of the same name besides those that the verifier took. Empty: anonymous.
    /// </param>
    /// <exception cref="ServiceException">Unauthenticated: the chain breaks a rule of RFC 3820, or names nobody that could be told from others.</exception>
    public static MyProxyClient Of(IReadOnlyList<byte[]> peerChainLeafFirst, string? address)
    {
        if (peerChainLeafFirst.Count == 0) return new MyProxyClient(null, false, address);
        if (peerChainLeafFirst.Count > MaxChain) throw ProxyErrors.UnusableChain($"A chain has at most {MaxChain} certificates.");
        try
        {
            var (identity, isLimited) = Walk([.. peerChainLeafFirst.Select(der => GridCertificate.Read(der))]);
            if (OneLineName.IsAmbiguous(identity)) throw ProxyErrors.UnusableChain("The certificate's name could be read as another's: a value in it holds a backslash.");
            return new MyProxyClient(OneLineName.Of(identity), isLimited, address);
        }
        catch (AsnContentException)
        {
            throw ProxyErrors.UnusableChain("A certificate in the chain cannot be read.");
        }
    }

    private static (ReadOnlyMemory<byte> Identity, bool IsLimited) Walk(GridCertificate[] chain)
    {
        ReadOnlyMemory<byte>? identity = null;
        var isLimited = false;
        for (var index = 0; index < chain.Length; index++)
        {
            var link = chain[index];
            if (link.IsDraftProxy) throw ProxyErrors.UnusableChain("Proxies of the draft before RFC 3820 are not accepted: make one with grid-proxy-init -rfc.");
            if (link.Proxy is not { } proxy) return (Require(identity ?? link.Subject), isLimited);

            RequireProxy(link, index + 1 < chain.Length ? chain[index + 1] : null, index);
            isLimited |= proxy.IsLimited;
            // An independent proxy has the rights of its own name only; those that impersonate it are below it.
            if (!proxy.IsImpersonation) identity ??= link.Subject;
        }

        throw ProxyErrors.UnusableChain("The chain ends with a proxy.");
    }

    /// <summary>RFC 3820 4.1.3, as far as names and extensions go.</summary>
    private static void RequireProxy(GridCertificate link, GridCertificate? issuer, int proxiesBelow)
    {
        if (issuer is null || !link.Issuer.Span.SequenceEqual(issuer.Subject.Span)) throw ProxyErrors.UnusableChain("A proxy's issuer is not the next certificate of the chain.");
        if (!RawName.IsOneCommonNameBelow(link.Subject, link.Issuer)) throw ProxyErrors.UnusableChain("A proxy's name is not its issuer's and one common name.");
        if (link.IsAuthority || issuer.IsAuthority) throw ProxyErrors.UnusableChain("A proxy is no CA, and no CA signs one.");
        if (link.HasAlternativeName) throw ProxyErrors.UnusableChain("A proxy has no alternative names.");
        if (issuer.KeyUsage is { MaySign: false }) throw ProxyErrors.UnusableChain("The key usage of a proxy's issuer has no digitalSignature.");
        if (link.Proxy!.PathLength < proxiesBelow) throw ProxyErrors.UnusableChain("More proxies than a proxy in the chain allows.");
        if (!link.Proxy.IsImpersonation && link.Proxy.Language != ProxyCertInfo.Independent) throw ProxyErrors.UnusableChain("A restricted proxy's policy is in a language that is not understood here.");
    }

    private static ReadOnlyMemory<byte> Require(ReadOnlyMemory<byte> name) =>
        RawName.Read(name).Count > 0 ? name : throw ProxyErrors.UnusableChain("The certificate has no name.");
}
