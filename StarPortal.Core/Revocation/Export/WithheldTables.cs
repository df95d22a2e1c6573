using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Acme;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Star;

namespace StarPortal.Core.Revocation;

/// <summary>Tables of which nobody's rows are in a data export, each with the reason.</summary>
internal static class WithheldTables
{
    private const string NoPerson = "It says nothing about anybody.";
    private const string Secret = "It is a secret, and nothing else.";

    public static IReadOnlyDictionary<Type, string> Reasons { get; } = new Dictionary<Type, string>
    {
        [typeof(IdentityUserToken<Guid>)] = Secret,
        [typeof(IdentityUserClaim<Guid>)] = "Nothing is kept in it.",
        [typeof(IdentityUserLogin<Guid>)] = "Nothing is kept in it.",
        [typeof(KeyRingElement)] = Secret,
        [typeof(OutboxItem)] = "What is about to be done; what was done is in the other tables and in the audit log.",
        [typeof(LogonAttempts)] = "A counter under a hash, which forgets by itself.",
        [typeof(AcmeAuthorization)] = "A domain name's state in an order that is named.",
        [typeof(UsedNonce)] = NoPerson,
        [typeof(AcmeNode)] = NoPerson,
        [typeof(AcmeMassEvent)] = NoPerson,
        [typeof(HostCertificate)] = NoPerson,
        [typeof(OcspSigner)] = NoPerson,
        [typeof(PublishedCrl)] = NoPerson,
        [typeof(Organisation)] = NoPerson,
        [typeof(JobRun)] = NoPerson,
        [typeof(JobLease)] = NoPerson,
        [typeof(DemoClockSetting)] = NoPerson,
        [typeof(StarCertificate)] = "Certificates of servers; their orders are named.",
        [typeof(FetchDay)] = "Counts of fetches of a server's certificate; its order is named.",
        [typeof(KeptCertificate)] = "Certificates of servers; their orders are named.",
        [typeof(PresentedChallenge)] = NoPerson,
        [typeof(UpstreamRegistration)] = NoPerson,
        [typeof(CaMail)] = "What a CA wrote about a request that is named.",
        [typeof(MirrorCopy)] = "Which copies of credentials that are named lie at a second site.",
        [typeof(MirrorNonce)] = NoPerson,
        [typeof(MirrorState)] = NoPerson,
        [typeof(RegistryResource)] = NoPerson,
        [typeof(RegistryToken)] = Secret,
        [typeof(Reconciliation)] = NoPerson,
        [typeof(Divergence)] = "Where an outside registry differs from an entry that is named; gone with the next comparison.",
    };
}
