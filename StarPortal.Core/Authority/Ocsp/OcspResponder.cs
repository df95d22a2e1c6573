using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>An OCSPResponse, ready to send.</summary>
/// <param name="ProducedAt">Null for a refusal and for an answer with a nonce: neither may be kept by a cache.</param>
/// <param name="FreshUntil">How long an HTTP cache may keep it.</param>
public sealed record OcspAnswer(byte[] Der, DateTimeOffset? ProducedAt, DateTimeOffset? FreshUntil);

/// <summary>
/// The OCSP responder (RFC 6960, and RFC 5019 for what caches may keep). The status always comes from the database, so that a revocation
/// counts at once on every node; what is kept in memory is the signature over a status that has not changed.
/// </summary>
public sealed class OcspResponder(
    OcspIssuers issuers, OcspSigners signers, IDbContextFactory<PortalDbContext> contexts, IOptions<AuthorityOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Octets of a request.</summary>
    public const int MaxRequestLength = 8 * 1024;

    private readonly MemoryCache signed = new(new MemoryCacheOptions { SizeLimit = 32 * 1024 * 1024 });

    public async Task<OcspAnswer> RespondAsync(ReadOnlyMemory<byte> encoded, CancellationToken ct)
    {
        OcspRequest request;
        try
        {
            request = OcspRequest.Read(encoded);
        }
        catch (Exception error) when (error is AsnContentException or InvalidOperationException)
        {
            return Refuse(OcspStatus.MalformedRequest);
        }

        // 2.2: "unknown" is for what this responder does not serve. An answer has one signer, who speaks for one CA (4.2.2.2): the first
        // that the request names. What it asks about other CAs is unknown to that signer.
        var issuer = request.CertIds.Select(issuers.Find).FirstOrDefault(found => found is not null) ?? issuers.Default;
        var answers = await AnswerAsync(request, issuer, ct);
        var signer = await signers.GetAsync(issuer, ct);
        return request.Nonce is null ? Keep(signer, issuer, answers) : Sign(signer, answers, request.Nonce) with { ProducedAt = null, FreshUntil = null };
    }

    public void Dispose() => signed.Dispose();

    internal static OcspAnswer Refuse(OcspStatus status) => new(OcspResponseWriter.WriteError(status), null, null);

    private async Task<IReadOnlyList<OcspSingle>> AnswerAsync(OcspRequest request, Issuer issuer, CancellationToken ct)
    {
        SerialNumber[] serials = [.. request.CertIds.Where(certId => issuers.Find(certId) == issuer).Select(certId => certId.SerialNumber).OfType<SerialNumber>()];
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await db.IssuedCertificates.AsNoTracking()
            .Where(certificate => serials.Contains(certificate.SerialNumber) && certificate.Issuer == issuer.Name)
            .Select(certificate => new { certificate.SerialNumber, certificate.RevokedAt, certificate.RevocationReason })
            .ToDictionaryAsync(certificate => certificate.SerialNumber, ct);
        return [.. request.CertIds.Select(certId =>
            certId.SerialNumber is { } serial && issuers.Find(certId) == issuer && known.TryGetValue(serial, out var facts)
                ? new OcspSingle(certId, IsKnown: true, facts.RevokedAt, facts.RevocationReason)
                : new OcspSingle(certId, IsKnown: false, null, null))];
    }

    /// <summary>The answer signed before, if the status is the same and half of its time is left.</summary>
    private OcspAnswer Keep(LoadedSigner signer, Issuer issuer, IReadOnlyList<OcspSingle> answers)
    {
        var now = clock.GetUtcNow();
        var key = KeyOf(signer, issuer, answers);
        if (signed.TryGetValue(key, out OcspAnswer? kept) && kept!.ProducedAt <= now && now < kept.ProducedAt + (options.Value.OcspLifetime / 2))
            return kept with { FreshUntil = now + (options.Value.OcspLifetime / 4) };

        var answer = Sign(signer, answers, nonce: null);
        signed.Set(key, answer, new MemoryCacheEntryOptions { Size = answer.Der.Length + 200, AbsoluteExpirationRelativeToNow = options.Value.OcspLifetime });
        return answer;
    }

    private OcspAnswer Sign(LoadedSigner signer, IReadOnlyList<OcspSingle> answers, byte[]? nonce)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var nextUpdate = now + options.Value.OcspLifetime;
        var der = OcspResponseWriter.Write(signer, answers, nonce, now, nextUpdate < signer.NotAfter ? nextUpdate : signer.NotAfter);
        return new OcspAnswer(der, now, now + (options.Value.OcspLifetime / 4));
    }

    private static string KeyOf(LoadedSigner signer, Issuer issuer, IReadOnlyList<OcspSingle> answers)
    {
        var text = new StringBuilder(issuer.Name).Append(signer.NotAfter.UtcTicks);
        foreach (var answer in answers)
            text.Append('|').Append(Convert.ToHexString(answer.CertId.Encoded)).Append(answer.IsKnown).Append(answer.RevokedAt?.UtcTicks).Append(answer.Reason);
        return Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())));
    }
}
