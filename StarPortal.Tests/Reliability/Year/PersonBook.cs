namespace StarPortal.Tests.Reliability.Year;

/// <summary>One person's diary against what the tables say: certificates, their ends, keys, MyProxy, notices.</summary>
internal sealed class PersonBook(Subscriber person, BookPages pages, DateTimeOffset begin, DateTimeOffset now)
{
    private readonly IReadOnlyList<Entry> certificates = [.. pages.Certificates[person.UserId]];

    private DateTimeOffset? RemovedAt => pages.Removals[person.UserId].FirstOrDefault(removal => removal.Text("Status") == "Done")?.At("EndedAt");

    public bool IsRemoved => RemovedAt is not null;

    public void Check()
    {
        Equal(person.CountOf(What.Issued) + person.CountOf(What.Recovered) + person.CountOf(What.Replaced) + person.CountOf(What.Renewed), certificates.Count, "certificates");
        Equal(1, certificates.Select(certificate => certificate.Text("Subject")).Distinct(StringComparer.Ordinal).Count(), "names");
        Equal(certificates.Count, certificates.Select(certificate => certificate.Text("SourceKey")).Distinct(StringComparer.Ordinal).Count(), "reasons to issue");
        CheckRemoval();
        CheckEnds();
        CheckLineage();
        CheckKeys();
        CheckRegistry();
        CheckNotices();
    }

    private void CheckRemoval()
    {
        var isDue = person.IsBeingRemoved && person.Diary.Last(deed => deed.What is What.RemovalBegun).At.AddDays(14) <= now.AddDays(-1);
        if (isDue) Equal(true, IsRemoved, "removed");
        if (!person.IsBeingRemoved) Equal(false, IsRemoved, "removed");
        Equal(!IsRemoved, pages.Accounts.ContainsKey(person.UserId), "account");
        Equal(person.CountOf(What.RemovalBegun), pages.Removals[person.UserId].Count(), "removals");
        if (RemovedAt is not { } at) return;
        var begun = person.Diary.Last(deed => deed.What is What.RemovalBegun).At;
        Assert.True(at >= begun.AddDays(14) && at <= begun.AddDays(15), $"{person.UserName} was removed on {at:u}, {(at - begun).TotalDays:0.0} days after it was begun");
    }

    /// <summary>Each revocation and its reason, from the diary alone.</summary>
    private void CheckEnds()
    {
        var expected = new Dictionary<Guid, string>();
        foreach (var deed in person.Diary)
        {
            if (deed.What is What.ReportedLost) End(deed.At, except: null, "KeyCompromise");
            if (deed.What is What.Recovered or What.Replaced) End(CertificateOf(deed.Certificate).At("IssuedAt")!.Value, deed.Certificate, "Superseded");
        }

        if (RemovedAt is { } removed) End(removed, except: null, "CessationOfOperation");
        foreach (var certificate in certificates)
            Equal(expected.GetValueOrDefault(certificate.Id("Id")!.Value, ""), certificate.Text("RevocationReason") ?? "", $"reason for the end of {certificate.Text("SerialNumber")}");

        void End(DateTimeOffset at, Guid? except, string reason)
        {
            foreach (var certificate in certificates.Where(one => one.Id("Id") != except && one.At("IssuedAt") <= at && one.At("NotAfter") > at)) expected.TryAdd(certificate.Id("Id")!.Value, reason);
        }
    }

    private void CheckLineage()
    {
        var renewed = certificates.Where(certificate => pages.Renewals.GetValueOrDefault(certificate.Id("Id")!.Value)?.At("RenewedAt") is not null).ToList();
        Equal(string.Join(' ', person.Diary.Where(deed => deed.What is What.Renewed).Select(deed => deed.Certificate).Order()), string.Join(' ', renewed.Select(certificate => certificate.Id("Id")).Order()), "renewed certificates");
        foreach (var certificate in renewed)
        {
            var replacement = pages.Renewals[certificate.Id("Id")!.Value].Id("ReplacementId");
            Equal($"renewal:{certificate.Id("Id"):N}", CertificateOf(replacement).Text("SourceKey"), "the replacement's origin");
        }

        var current = certificates.Where(certificate => certificate.At("RevokedAt") is null && certificate.At("NotAfter") > now && !renewed.Contains(certificate)).ToList();
        Assert.True(current.Count <= 1, $"{person.UserName} has {current.Count} current certificates.");
    }

    /// <summary>A key for each certificate that no other key took the place of; in MyProxy the newest alone.</summary>
    private void CheckKeys()
    {
        foreach (var certificate in certificates)
        {
            var isKept = !IsRemoved && certificate.Text("RevocationReason") is not "Superseded";
            Equal(isKept ? 1 : 0, pages.Keys[certificate.Id("Id")].Count(), $"keys of {certificate.Text("SerialNumber")}");
        }

        var stored = pages.Stored[person.UserName].ToList();
        Equal(IsRemoved ? 0 : 1, stored.Count, "MyProxy credentials");
        if (IsRemoved) return;
        Equal(certificates.MaxBy(certificate => certificate.At("NotAfter"))!.Id("Id"), stored[0].Id("CertificateId"), "the certificate in MyProxy");
        Equal(person.IsLost || person.IsBeingRemoved, stored[0].Text("LockMessage") is not null, "MyProxy lock");
    }

    /// <summary>One entry of everybody who was ever certified: active, or suspended by what has not ended. Of people who were removed it has ended, and is forgotten in time.</summary>
    private void CheckRegistry()
    {
        var entries = pages.Registry[person.UserId].ToList();
        if (IsRemoved)
        {
            Equal(true, entries.TrueForAll(entry => entry.At("RemovedAt") is not null), "the end of the registry entry");
            return;
        }

        Equal(1, entries.Count, "registry entries");
        Equal(null, entries[0].At("RemovedAt"), "the end of the registry entry");
        Equal(person.IsLost, entries[0].At("LostAt") is not null, "suspension by a loss");
        Equal(person.IsBeingRemoved, entries[0].At("RemovalAt") is not null, "suspension by a removal");
    }

    private void CheckNotices()
    {
        foreach (var certificate in certificates)
        {
            var expected = new NoticeReplay(person, certificate, certificates, RemovedAt).Nights(begin, now);
            var written = pages.Notices[certificate.Id("Id")].Select(notice => (Slot: notice.Number("Slot"), Day: notice.At("WrittenAt")!.Value.Date)).OrderByDescending(notice => notice.Slot).ToList();
            Equal(string.Join(", ", expected.Select(notice => $"{notice.Slot} on {notice.Day:d}")), string.Join(", ", written.Select(notice => $"{notice.Slot} on {notice.Day:d}")), $"notices of {certificate.Text("SerialNumber")}");
        }
    }

    private Entry CertificateOf(Guid? id) => certificates.Single(certificate => certificate.Id("Id") == id);

    private void Equal<T>(T expected, T actual, string what) => Assert.True(EqualityComparer<T>.Default.Equals(expected, actual),
        $"{person.UserName}, {what}: {expected} expected, {actual} found. {person.Fate}\n{string.Join('\n', person.Diary.Select(deed => $"{deed.At:u} {deed.What} {deed.Certificate}"))}");
}
