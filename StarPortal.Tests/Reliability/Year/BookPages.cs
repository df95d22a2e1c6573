namespace StarPortal.Tests.Reliability.Year;

/// <summary>What the tables say of everybody, by person and by certificate.</summary>
internal sealed record BookPages
{
    public required ILookup<Guid?, Entry> Certificates { get; init; }

    /// <summary>Certificate → what became of it.</summary>
    public required IReadOnlyDictionary<Guid, Entry> Renewals { get; init; }

    public required ILookup<Guid?, Entry> Notices { get; init; }

    public required ILookup<Guid?, Entry> Keys { get; init; }

    public required ILookup<string?, Entry> Stored { get; init; }

    public required ILookup<Guid?, Entry> Removals { get; init; }

    public required ILookup<Guid?, Entry> Registry { get; init; }

    public required IReadOnlyDictionary<Guid, Entry> Accounts { get; init; }

    public static async Task<BookPages> ReadAsync(Ledger ledger) => new()
    {
        Certificates = (await ledger.ReadAsync("IssuedCertificates")).Where(entry => entry.Text("Issuer") == "people").OrderBy(entry => entry.At("IssuedAt")).ToLookup(entry => entry.Id("UserId")),
        Renewals = (await ledger.ReadAsync("CertificateRenewals")).ToDictionary(entry => entry.Id("CertificateId")!.Value),
        Notices = (await ledger.ReadAsync("RenewalNotices")).ToLookup(entry => entry.Id("CertificateId")),
        Keys = (await ledger.ReadAsync("Credentials")).ToLookup(entry => entry.Id("CertificateId")),
        Stored = (await ledger.ReadAsync("StoredCredentials")).ToLookup(entry => entry.Text("UserName"), StringComparer.Ordinal),
        Removals = (await ledger.ReadAsync("PersonRemovals")).ToLookup(entry => entry.Id("UserId")),
        Registry = (await ledger.ReadAsync("RegistryEntries")).ToLookup(entry => entry.Id("UserId")),
        Accounts = (await ledger.ReadAsync("AspNetUsers")).ToDictionary(entry => entry.Id("Id")!.Value),
    };
}
