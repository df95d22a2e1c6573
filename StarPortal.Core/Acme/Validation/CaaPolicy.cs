namespace StarPortal.Core.Acme;

/// <summary>What a relevant set of CAA records says about one issuance (RFC 8659 4, RFC 8657): a function of its arguments.</summary>
/// <param name="Identities">Names of this CA, any of which an issuer may be.</param>
internal sealed record CaaPolicy(IReadOnlyCollection<string> Identities, bool IsWildcard, string AccountUrl, string ValidationMethod)
{
    /// <summary>Tags that we act upon, or that concern no certificate of ours (iodef: reports; issuemail: RFC 9495).</summary>
    private static readonly string[] KnownTags = ["issue", "issuewild", "iodef", "issuemail"];

    /// <summary>Null when issuing is allowed, or a clause that says why not.</summary>
    public string? FindObjection(IReadOnlyList<CaaRecord> records)
    {
        // 4.5: a critical property that is not understood forbids.
        if (records.FirstOrDefault(record => record.IsCritical && !KnownTags.Contains(record.Tag, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            return $"they have a critical property that is not known here ({ValidationTrace.Quote(unknown.Tag, 30)})";

        // 4.3: issuewild is for wildcard names alone, and where there is one, issue does not count for those.
        CaaRecord[] relevant = IsWildcard && Tagged(records, "issuewild") is { Length: > 0 } wild ? wild : Tagged(records, "issue");
        if (relevant.Length == 0) return null;

        // 4.2: authorizations are additive; one that fits is enough.
        string? nearest = null;
        foreach (var record in relevant)
        {
            var value = CaaIssueValue.Parse(record.Value);
            if (!Identities.Contains(value.Issuer, StringComparer.OrdinalIgnoreCase)) continue;
            if (FindParameterObjection(value) is not { } objection) return null;
            nearest = objection;
        }

        return nearest ?? $"they allow other issuers only; this one is {string.Join(" or ", Identities)}";
    }

    private static CaaRecord[] Tagged(IReadOnlyList<CaaRecord> records, string tag) =>
        [.. records.Where(record => record.Tag.Equals(tag, StringComparison.OrdinalIgnoreCase))];

    /// <summary>RFC 8657 3 and 4: what is there constrains; what is there twice cannot be satisfied.</summary>
    private string? FindParameterObjection(CaaIssueValue value)
    {
        if (value.All("accounturi") is { Count: > 0 } accounts && !(accounts is [var account] && account == AccountUrl)) return "they allow this issuer for another account (accounturi)";
        if (value.All("validationmethods") is { Count: > 0 } methods && !(methods is [var list] && list.Split(',').Contains(ValidationMethod, StringComparer.Ordinal)))
            return $"they do not allow the validation method {ValidationMethod} (validationmethods)";
        return null;
    }
}
