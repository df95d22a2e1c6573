using StarPortal.Core.Acme;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>What one step with a CA came to.</summary>
public abstract record UpstreamStep
{
    private UpstreamStep()
    {
    }

    /// <summary>Order2 is placed: it is written down before anything else happens.</summary>
    /// <param name="Order">What the CA knows it by.</param>
    public sealed record Placed(string Order) : UpstreamStep
    {
        /// <summary>As the CA grants it; null: as asked.</summary>
        public DateTimeOffset? EndDate { get; init; }

        /// <summary>Seconds; null: as asked.</summary>
        public long? Lifetime { get; init; }
    }

    /// <param name="Trouble">For the owner; null: the CA is at work.</param>
    public sealed record Waiting(TimeSpan Wait, string? Trouble) : UpstreamStep;

    /// <summary>A certificate is there.</summary>
    /// <param name="Next">When the portal has to act again; null: the CA does what is left.</param>
    public sealed record Issued(string CertificateUrl, DateTimeOffset? NotAfter, DateTimeOffset? Next = null) : UpstreamStep
    {
        /// <summary>Rows of the same transaction.</summary>
        public Action<PortalDbContext>? Rows { get; init; }

        /// <summary>The portal serves it, and orders the next one: Order2 is done with.</summary>
        public bool IsKeptHere { get; init; }

        /// <summary>What certificates of this CA have, seconds; null: as asked.</summary>
        public long? Lifetime { get; init; }
    }

    /// <summary>Order2 came to nothing, and another one is tried later: for renewals, whose certificate is still out.</summary>
    /// <param name="Trouble">For the owner.</param>
    public sealed record Again(TimeSpan Wait, string Trouble) : UpstreamStep;

    /// <summary>No further certificate is due.</summary>
    public sealed record Over : UpstreamStep;

    /// <param name="Reason">For the consumer.</param>
    /// <param name="Detail">For the owner.</param>
    public sealed record Refused(string Reason, string? Detail) : UpstreamStep
    {
        /// <summary>What ACME calls it.</summary>
        public AcmeProblemType Problem { get; init; } = AcmeProblemType.Unauthorized;
    }

    /// <summary>The CA does not let anybody fetch (RFC 9115 2.3.2.1).</summary>
    public sealed record NoGet(string Detail) : UpstreamStep;
}
