using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>What may go wrong around accounts, roles and organisations, in words for people.</summary>
public static class AccountErrors
{
    public static ServiceException UserNameTaken() =>
        new(ErrorKind.Conflict, "This user name is taken. Choose another one.", nameof(NewAccount.UserName));

    public static ServiceException UserNameUnusable(string problem) => new(ErrorKind.Invalid, problem, nameof(NewAccount.UserName));

    public static ServiceException FullNameUnusable() =>
        new(ErrorKind.Invalid, "Give your full name: 1 to 200 characters, without control characters.", nameof(NewAccount.FullName));

    public static ServiceException EmailUnusable() =>
        new(ErrorKind.Invalid, "This is no e-mail address that mail can be sent to.", nameof(NewAccount.Email));

    public static ServiceException PassphraseUnusable(string advice, string field) => new(ErrorKind.Invalid, advice, field);

    public static ServiceException UserNotFound() => new(ErrorKind.NotFound, "There is no such account.");

    public static ServiceException OrganisationNotFound() => new(ErrorKind.NotFound, "There is no such organisation.");

    public static ServiceException OrganisationNameTaken() =>
        new(ErrorKind.Conflict, "Another organisation has this name.", nameof(Organisation.Name));

    public static ServiceException EmailDomainUnusable(string domain) =>
        new(ErrorKind.Invalid, $"'{domain}' is no mail domain. Write one like example.org, one on a line.", nameof(Organisation.EmailDomains));

    public static ServiceException SessionNotFound() => new(ErrorKind.NotFound, "There is no such session of yours: it has ended already.");

    public static ServiceException SessionsChanged() => new(ErrorKind.Conflict, "Your sessions have changed meanwhile. Look again.");

    public static ServiceException LockHeld(string why) => new(ErrorKind.Conflict, why);

    public static ServiceException GrantNotFound() => new(ErrorKind.NotFound, "There is no such role.");
}
