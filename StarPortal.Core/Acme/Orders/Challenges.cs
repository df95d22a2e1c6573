namespace StarPortal.Core.Acme;

/// <summary>Which challenges an authorization has, and how each stands (RFC 8555 7.1.6, 8).</summary>
internal static class Challenges
{
    private static readonly ChallengeType[] ForName = [ChallengeType.Http01, ChallengeType.Dns01, ChallengeType.TlsAlpn01, ChallengeType.DnsAccount01];

    /// <summary>A wildcard says something about the zone, which only DNS can prove (RFC 8555 8.3 has it of a host alone).</summary>
    private static readonly ChallengeType[] ForWildcard = [ChallengeType.Dns01, ChallengeType.DnsAccount01];

    /// <summary>RFC 8738 7: never by DNS.</summary>
    private static readonly ChallengeType[] ForAddress = [ChallengeType.Http01, ChallengeType.TlsAlpn01];

    public static ChallengeType[] For(AcmeAuthorization authorization) => authorization.Identifier.Type switch
    {
        AcmeIdentifierType.Ip => ForAddress,
        AcmeIdentifierType.Dns => authorization.IsWildcard ? ForWildcard : ForName,
    };

    /// <summary>RFC 8555 7.1.4: for a final authorization, the challenge that was tried alone.</summary>
    public static IEnumerable<ChallengeType> ShownFor(AcmeAuthorization authorization, AcmeAuthorizationStatus status) =>
        status is AcmeAuthorizationStatus.Pending || authorization.Chosen is not { } chosen
            ? authorization.Waiver is null ? For(authorization) : For(authorization)[..1]
            : [chosen];

    public static string StatusOf(AcmeAuthorization authorization, ChallengeType type, DateTimeOffset now)
    {
        if (authorization.Waiver is not null && authorization.ValidatedAt is not null) return "valid";
        if (authorization.Chosen != type) return "pending";
        if (authorization.ValidatedAt is not null) return "valid";
        return authorization.Status is AcmeAuthorizationStatus.Invalid ? "invalid" : authorization.IsProcessing && authorization.StatusAt(now) is AcmeAuthorizationStatus.Pending ? "processing" : "pending";
    }

    /// <summary>The last digit is 0: those of its challenges differ in it.</summary>
    public static Guid NewAuthorizationId(DateTimeOffset now) => WithLastDigit(AcmeOrderText.NewId(now), 0);

    public static Guid IdOf(Guid authorizationId, ChallengeType type) => WithLastDigit(authorizationId, (byte)(1 + (int)type));

    public static bool TryReadId(Guid challengeId, out Guid authorizationId, out ChallengeType type)
    {
        Span<byte> bytes = stackalloc byte[16];
        challengeId.TryWriteBytes(bytes, bigEndian: true, out _);
        (authorizationId, type) = (WithLastDigit(challengeId, 0), (ChallengeType)((bytes[15] & 0xf) - 1));
        return Enum.IsDefined(type);
    }

    private static Guid WithLastDigit(Guid id, byte digit)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[15] = (byte)((bytes[15] & 0xf0) | digit);
        return new Guid(bytes, bigEndian: true);
    }
}
