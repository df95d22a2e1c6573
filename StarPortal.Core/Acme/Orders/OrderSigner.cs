using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Signs the certificate of an order; nothing of it is kept yet.</summary>
public sealed class OrderSigner(CertificateAuthority authority, IssuanceProfiles profiles)
{
    /// <exception cref="AcmeException">badCSR; invalidProfile: it was taken out of use since the order was placed.</exception>
    public SignedCertificate Sign(AcmeCaller caller, AcmeOrder order, SigningRequest request, Guid? organisation)
    {
        var profile = profiles.Find(order.Profile)
            ?? throw AcmeOrderErrors.InvalidProfile($"The profile {order.Profile} is no longer in use here. Place a new order.");
        try
        {
            return authority.Sign(Describe(caller, order, request, organisation, profile), caller.Actor);
        }
        catch (ServiceException refused) when (refused.Kind is ErrorKind.Invalid)
        {
            throw AcmeOrderErrors.BadCsr(refused.Message);
        }
    }

    /// <summary>The certificate to be: the profile decides what it looks like.</summary>
    private static IssuanceOrder Describe(AcmeCaller caller, AcmeOrder order, SigningRequest request, Guid? organisation, IssuanceProfile profile)
    {
        SubjectAlternativeName[] names = [.. order.Identifiers.Select(identifier => identifier.ToAlternativeName())];
        return new IssuanceOrder
        {
            Profile = profile.Name, Subject = profile.RenderSubject(names), Names = names, PublicKeyInfo = request.PublicKeyInfo, Key = request.Key,
            UserId = caller.Account.OwnerId, OrganisationId = organisation, NotBefore = order.NotBefore, NotAfter = order.NotAfter, NamesAreProven = true, SourceKey = order.SourceKey,
        };
    }
}
