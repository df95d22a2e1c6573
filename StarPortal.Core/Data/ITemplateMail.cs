namespace StarPortal.Core.Data;

/// <summary>Puts mails into the outbox for rooms that may not know the Mail room, which does it.</summary>
public interface ITemplateMail
{
    /// <summary>Adds to the caller's unit of work; the caller saves.</summary>
    /// <param name="key">Unique among mails: the same key is the same mail.</param>
    /// <param name="template">Room and file, such as <c>acme/namespace-asked</c>.</param>
    /// <param name="values">One for every placeholder of the template.</param>
    void Add(PortalDbContext db, string key, string template, MailRecipient to, IReadOnlyDictionary<string, string> values);
}

/// <param name="Address">The address alone.</param>
/// <param name="Name">A person's full name.</param>
public sealed record MailRecipient(string Address, string Name);
