using Microsoft.AspNetCore.Builder;

namespace StarPortal.Core.Acme;

/// <summary>Who may sign a request (RFC 8555 6.2). In the route table: the security map.</summary>
public enum AcmeSigner
{
    /// <summary><c>kid</c>: an account that is valid.</summary>
    Account,

    /// <summary><c>jwk</c>: newAccount.</summary>
    Key,

    /// <summary>Either: revokeCert.</summary>
    AccountOrKey,
}

/// <param name="EvenWithOldTerms">Whether an account that has to agree to changed terms may come here: to do so, or to leave.</param>
internal sealed record AcmeSignerMetadata(AcmeSigner Signer, bool EvenWithOldTerms);

public static class AcmeSignerConventions
{
    /// <summary>Says who has to sign what is sent here.</summary>
    public static TBuilder SignedBy<TBuilder>(this TBuilder door, AcmeSigner signer, bool evenWithOldTerms = false)
        where TBuilder : IEndpointConventionBuilder => door.WithMetadata(new AcmeSignerMetadata(signer, evenWithOldTerms));
}
