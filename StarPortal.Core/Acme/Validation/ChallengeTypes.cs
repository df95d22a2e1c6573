using System.Diagnostics.CodeAnalysis;

namespace StarPortal.Core.Acme;

/// <summary>Challenge types as they are written on the wire, and in CAA's validationmethods (RFC 8657 4).</summary>
public static class ChallengeTypes
{
    extension(ChallengeType type)
    {
        public string Token => type switch
        {
            ChallengeType.Http01 => "http-01",
            ChallengeType.Dns01 => "dns-01",
            ChallengeType.TlsAlpn01 => "tls-alpn-01",
            ChallengeType.DnsAccount01 => "dns-account-01",
        };
    }

    public static bool TryParse([NotNullWhen(true)] string? token, out ChallengeType type)
    {
        foreach (var known in Enum.GetValues<ChallengeType>())
        {
            type = known;
            if (known.Token == token) return true;
        }

        type = default;
        return false;
    }
}
