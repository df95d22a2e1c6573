using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Puts a claim in force when its owner has published the TXT record that only who holds the zone can publish.</summary>
public sealed class NamespaceProof(IDbContextFactory<PortalDbContext> contexts, DnsResolver resolver, NamespaceBook book, TimeProvider clock)
{
    /// <summary>Asks the DNS once.</summary>
    /// <exception cref="ServiceException">Unauthenticated; NotFound: no claim of this person; Conflict: decided already; Invalid: what the DNS said instead.</exception>
    public async Task ProveAsync(Guid id, Actor owner, CancellationToken ct)
    {
        var person = owner.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claim = await db.AcmeNamespaces.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.OwnerId == person, ct) ?? throw NamespaceErrors.NotFound();
        if (claim.State is not AcmeNamespaceState.Asked) throw NamespaceErrors.AlreadyDecided(claim.State);
        await RequireRecordAsync(claim, ct);

        claim.Prove(owner, clock.GetUtcNow());
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeNamespaceApproved, owner, "namespace", claim.Id, clock.GetUtcNow(), $"{claim.Suffix}, challenge {claim.Challenge}. {claim.Note}"));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw NamespaceErrors.DecidedMeanwhile();
        }

        book.Forget();
    }

    private async Task RequireRecordAsync(AcmeNamespace claim, CancellationToken ct)
    {
        var answer = await resolver.AskAsync(NameOf(claim), DnsRecordType.Text, ct);
        if (answer.All<TextRecord>().Any(record => record.Text.Trim() == claim.ProofText)) return;
        throw NamespaceErrors.NotProven(answer.Kind switch
        {
            DnsAnswerKind.Found => $"{claim.ProofName} has a TXT record, but none that says {claim.ProofText}.",
            DnsAnswerKind.NoRecords => $"{claim.ProofName} has no TXT record.",
            DnsAnswerKind.NoSuchName => $"{claim.ProofName} does not exist yet (NXDOMAIN). A new record may take a while to reach all DNS servers.",
            DnsAnswerKind.Failed => $"{claim.ProofName} could not be looked up: {answer.Trouble}.",
        });
    }

    private static DnsName NameOf(AcmeNamespace claim)
    {
        try
        {
            return DnsName.Parse(claim.ProofName);
        }
        catch (DnsFormatException)
        {
            throw NamespaceErrors.NotProven($"{claim.Suffix} is too long to be proven by DNS.");
        }
    }
}
