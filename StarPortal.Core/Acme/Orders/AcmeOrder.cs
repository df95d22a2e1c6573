using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>
/// A client's order (RFC 8555 7.1.3). Instances are shared between requests as snapshots, so a change is made to a <see cref="Copy"/> that is
/// saved before anybody sees it; the status is the concurrency token that decides races.
/// </summary>
public sealed class AcmeOrder
{
    private const string SourceKeyPrefix = "acme-order:";

    private IReadOnlyList<AcmeIdentifier>? identifiers;
    private IReadOnlyList<Guid>? authorizationIds;

    private AcmeOrder()
    {
    }

    public Guid Id { get; private set; }

    public Guid AccountId { get; private set; }

    public AcmeOrderStatus Status { get; private set; }

    /// <summary><c>dns:www.example.org</c>, one a line.</summary>
    public string Names { get; private set; } = "";

    /// <summary>The ids of its authorizations, with spaces between.</summary>
    public string Authorizations { get; private set; } = "";

    /// <summary>Name of the issuance profile, chosen by the client or by default.</summary>
    public string Profile { get; private set; } = "";

    /// <summary>The <see cref="IOrderExtension.Kind"/> that answers for it; null: an order as RFC 8555 has it.</summary>
    public string? Kind { get; private set; }

    /// <summary>As asked for; null: the profile's own.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>As asked for; null: the profile's own.</summary>
    public DateTimeOffset? NotAfter { get; private set; }

    /// <summary>Anybody who knows the certificate's URL may fetch it (RFC 9115 2.3.5).</summary>
    public bool AllowCertificateGet { get; private set; }

    /// <summary>The certificate that this one is to replace, in the form of RFC 9773 4.1.</summary>
    public string? Replaces { get; private set; }

    /// <summary>As <see cref="Replaces"/> while this order stands; unique, so that two orders cannot replace the same certificate.</summary>
    public string? ReplacesClaim { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Until then it has to be finalized.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? FinalizedAt { get; private set; }

    public SerialNumber? CertificateSerial { get; private set; }

    /// <summary>The problem document that made it invalid, JSON.</summary>
    public string? Error { get; private set; }

    /// <summary>The authorizations were given by what the portal knows already, all of them.</summary>
    public bool IsWaived { get; private set; }

    /// <summary>Unique in the inventory of certificates: one order, one certificate.</summary>
    public string SourceKey => SourceKeyOf(Id);

    public IReadOnlyList<AcmeIdentifier> Identifiers =>
        identifiers ??= [.. Names.Split('\n').Select(AcmeOrderText.ReadIdentifier)];

    public IReadOnlyList<Guid> AuthorizationIds =>
        authorizationIds ??= [.. Authorizations.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];

    public static string SourceKeyOf(Guid orderId) => $"{SourceKeyPrefix}{orderId}";

    /// <returns>The order that a certificate was issued for; null: none.</returns>
    public static Guid? OrderOf(string sourceKey) =>
        sourceKey.StartsWith(SourceKeyPrefix, StringComparison.Ordinal) && Guid.TryParse(sourceKey.AsSpan(SourceKeyPrefix.Length), out var id) ? id : null;

    public static AcmeOrder Of(NewOrder asked, AcmeOrderTerms terms, IReadOnlyList<AcmeAuthorization> authorizations, DateTimeOffset now)
    {
        var order = new AcmeOrder
        {
            Id = AcmeOrderText.NewId(now),
            AccountId = terms.AccountId,
            Names = string.Join('\n', asked.Identifiers),
            Authorizations = string.Join(' ', authorizations.Select(authorization => authorization.Id.ToString("N"))),
            Profile = terms.Profile,
            Kind = asked.Extension?.Kind,
            NotBefore = asked.NotBefore,
            NotAfter = asked.NotAfter,
            AllowCertificateGet = asked.AllowCertificateGet && asked.Extension is null,
            Replaces = asked.Replaces,
            ReplacesClaim = asked.Replaces,
            CreatedAt = now,
            // A promise (RFC 8555 7.4): it does not outlive what it rests on.
            ExpiresAt = authorizations.Select(authorization => authorization.ExpiresAt).Append(now + terms.Lifetime).Min(),
            IsWaived = authorizations.All(authorization => authorization.Waiver is not null),
            identifiers = asked.Identifiers,
        };
        order.authorizationIds = [.. authorizations.Select(authorization => authorization.Id)];
        return order;
    }

    public AcmeOrder Copy() => (AcmeOrder)MemberwiseClone();

    /// <summary>RFC 8555 7.1.6: what its authorizations and the clock make of it.</summary>
    public AcmeOrderStatus StatusAt(DateTimeOffset now, IReadOnlyList<AcmeAuthorization> authorizations)
    {
        if (Status is not AcmeOrderStatus.Pending) return Status;
        if (ExpiresAt <= now) return AcmeOrderStatus.Invalid;
        var status = AcmeOrderStatus.Ready;
        foreach (var authorization in authorizations)
        {
            switch (authorization.StatusAt(now))
            {
                case AcmeAuthorizationStatus.Valid: break;
                case AcmeAuthorizationStatus.Pending: status = AcmeOrderStatus.Pending; break;
                default: return AcmeOrderStatus.Invalid;
            }
        }

        return authorizations.Count == AuthorizationIds.Count ? status : AcmeOrderStatus.Invalid;
    }

    /// <summary>The certificate is issued in the same unit of work.</summary>
    public void Complete(SerialNumber certificate, DateTimeOffset now)
    {
        RequireOpen();
        (Status, CertificateSerial, FinalizedAt) = (AcmeOrderStatus.Valid, certificate, now);
    }

    /// <summary>As above, for kinds of orders that keep their certificates themselves.</summary>
    /// <param name="until">The order's <c>expires</c> from now on.</param>
    public void Complete(DateTimeOffset until, DateTimeOffset now)
    {
        RequireOpen();
        (Status, FinalizedAt, ExpiresAt) = (AcmeOrderStatus.Valid, now, until);
    }

    /// <summary>RFC 8739 3.1.2: no certificate is issued any more.</summary>
    /// <param name="until">When the last one ends.</param>
    public void Cancel(DateTimeOffset until)
    {
        if (Status is not AcmeOrderStatus.Valid) throw new InvalidOperationException($"Order {Id} is {Status}.");
        (Status, ExpiresAt) = (AcmeOrderStatus.Canceled, until);
    }

    /// <summary>Abandoned; what it was to replace may be replaced by another.</summary>
    /// <param name="error">The problem document, JSON.</param>
    public void Fail(string error)
    {
        if (Status is not AcmeOrderStatus.Pending) throw new InvalidOperationException($"Order {Id} is {Status}.");
        (Status, Error, ReplacesClaim) = (AcmeOrderStatus.Invalid, error, null);
    }

    private void RequireOpen()
    {
        if (Status is not AcmeOrderStatus.Pending) throw new InvalidOperationException($"Order {Id} is {Status}.");
    }
}
