using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>Which contact URLs an account may have (RFC 8555 7.3): <c>mailto:</c> with one address and nothing else.</summary>
internal static class ContactRules
{
    private const string Scheme = "mailto:";
    private const int MaxContacts = 10;

    /// <exception cref="AcmeException">unsupportedContact: another scheme; invalidContact: not an address, several, or header fields.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string?> contacts)
    {
        if (contacts.Count > MaxContacts) throw AcmeAccountErrors.InvalidContact($"An account has at most {MaxContacts} contacts.");
        return [.. contacts.Select(Check)];
    }

    private static string Check(string? contact)
    {
        if (contact is null || !contact.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw AcmeAccountErrors.UnsupportedContact();
        if (contact.Contains('?', StringComparison.Ordinal)) throw AcmeAccountErrors.InvalidContact("A mailto contact has no header fields (RFC 8555 7.3).");
        if (contact.Contains(',', StringComparison.Ordinal)) throw AcmeAccountErrors.InvalidContact("A mailto contact has one address (RFC 8555 7.3).");
        var address = Uri.UnescapeDataString(contact[Scheme.Length..]);
        if (NameSyntax.FindProblem(SubjectAlternativeName.Email(address)) is { } problem) throw AcmeAccountErrors.InvalidContact(problem);
        return Scheme + contact[Scheme.Length..];
    }
}
