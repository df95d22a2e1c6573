using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Whether a question comes from a portal whose copies are taken, now, and for the first time.</summary>
public sealed class MirrorGate(IDbContextFactory<PortalDbContext> contexts, MirrorSites sites, AttemptThrottle throttle, TimeProvider clock)
{
    /// <summary>How far the clocks of two portals may be apart.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const int WrongPerAddress = 20;
    private const int QuestionsPerMinute = 3_000;

    private static readonly TimeSpan WrongWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public bool IsShut => sites.Sources.Count == 0;

    /// <param name="header">Of the name <see cref="MirrorProof.Header"/>.</param>
    /// <param name="path">Where it was asked.</param>
    /// <param name="body">All of the question.</param>
    /// <param name="address">Whence.</param>
    /// <exception cref="ServiceException">NotFound: no copies are taken at all; Unauthenticated, Forbidden: its clock; Conflict: said before; TooMany.</exception>
    internal async Task<(MirrorSource Source, MirrorProof Proof)> AdmitAsync(string? header, string path, byte[] body, string? address, CancellationToken ct)
    {
        if (IsShut) throw MyProxyErrors.MirrorShut();
        var guesses = AttemptThrottle.AddressKey("mirror", address);
        throttle.RequireRoom(guesses, WrongPerAddress, WrongWindow);
        var proof = MirrorProof.Parse(header);
        if (proof is null || sites.FindSource(proof.Source) is not { } source || !proof.IsOf(source.Secret, path, body))
        {
            throttle.Spend(guesses, WrongPerAddress, WrongWindow);
            throw MyProxyErrors.MirrorUnknown();
        }

        throttle.Spend($"mirror-source:{source.Name}", QuestionsPerMinute, Minute);
        var now = clock.GetUtcNow();
        if (Math.Abs(now.ToUnixTimeSeconds() - proof.Time) > Tolerance.TotalSeconds) throw MyProxyErrors.MirrorStale(Tolerance);
        await RememberAsync(proof.Nonce, now, ct);
        return (source, proof);
    }

    /// <summary>For as long as the question's time would be accepted.</summary>
    private async Task RememberAsync(Guid nonce, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = now - (3 * Tolerance);
        await db.MirrorNonces.Where(old => old.At < before).ExecuteDeleteAsync(ct);
        db.MirrorNonces.Add(new MirrorNonce { Id = nonce, At = now });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw MyProxyErrors.MirrorReplayed();
        }
    }
}
